package io.mlops.api.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Data in local files, named with the digest that other tools print for it. */
final class LocalDataTest {
    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void aFileHasTheDigestOfItsBytes() throws IOException {
        DataReference rows = DataReference.of(file("rows.csv", "hello"));

        assertThat(rows.name()).isEqualTo("rows.csv");
        assertThat(rows.digest())
                .hasToString("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(rows.source()).isEqualTo(folder.resolve("rows.csv").toString());
        assertThat(rows.version()).isNull();
    }

    @Test
    void aFolderHasTheDigestOfTheListOfItsFiles() throws IOException {
        file("data/sub/a", "abc");
        file("data/😀", "");
        file("data/ﬀ.txt", "hello");
        file("data/sub-b", "abd");

        // What `find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum` prints there.
        assertThat(DataReference.of(folder.resolve("data")).digest())
                .hasToString("sha256:1e51175bf73f59b6f21614297bf9ca6eef9445731fd452211c1f429deabb160f");
    }

    @Test
    void linksAreFollowedWhereverTheyLead() throws IOException {
        Path blob = file("blobs/1", "hello");
        Files.createDirectories(folder.resolve("data"));
        Files.createSymbolicLink(folder.resolve("data/rows.csv"), blob);
        file("copy/rows.csv", "hello");

        assertThat(DataReference.of(folder.resolve("data")).digest())
                .isEqualTo(DataReference.of(folder.resolve("copy")).digest());
    }

    @Test
    @Timeout(20)
    void whatHasNoBytesIsRefused() throws Exception {
        Files.createDirectories(folder.resolve("empty/deep"));
        file("store/store.json", "{}");
        file("store/store.lock", "");
        Files.createDirectories(folder.resolve("pipes"));
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipes/rows").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(folder.resolve("round"), folder);

        assertThatThrownBy(() -> DataReference.of(folder.resolve("nothing")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nothing");
        assertThatThrownBy(() -> DataReference.of(folder.resolve("empty")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> DataReference.of(folder.resolve("pipes")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("rows");
        assertThatThrownBy(() -> DataReference.of(folder.resolve("store")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("store");
        Files.delete(folder.resolve("pipes/rows"));
        Files.delete(folder.resolve("store/store.json"));
        assertThatThrownBy(() -> DataReference.of(folder))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("round");
    }
}
