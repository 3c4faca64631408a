package io.mlops.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening a path instead of an address, and what an open or closed {@link Mlops} calls itself. */
final class OpenPathTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderOfAnArchiveIsNoPlace() throws IOException {
        Path archive = folder.resolve("a.zip");
        try (FileSystem files = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            assertThatThrownBy(() -> Mlops.open(files.getPath("store")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("store", "default file system");
        }
        assertThatThrownBy(() -> Mlops.open(folder)).hasMessageContaining("io.mlops:mlops-backends-fs");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker may pass
    void aConfigurationThatIsMissingIsToldBeforeAnythingIsOpened() {
        assertThatThrownBy(() -> Mlops.open("memory:", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("config");
    }

    @Test
    void itSaysWhereItIsAndWhetherItIsClosed() {
        Mlops mlops = Mlops.inMemory();
        assertThat(mlops).hasToString("Mlops at memory");

        mlops.close();
        assertThat(mlops).hasToString("Mlops at memory, closed");
    }
}
