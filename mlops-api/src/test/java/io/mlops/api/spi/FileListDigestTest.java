package io.mlops.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Anyone can check a version with tools that every machine has. */
final class FileListDigestTest {
    private static ArtifactEntry file(String path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ArtifactEntry(
                RelativePath.of(path),
                bytes.length,
                Digest.sha256(ContentCopy.sha256().digest(bytes)));
    }

    @Test
    void itIsWhatSha256sumSaysInWhateverOrderTheFilesAreTold() {
        List<ArtifactEntry> files =
                List.of(file("sub/a", "abc"), file("😀", ""), file("ﬀ.txt", "hello"), file("sub-b", "abd"));
        List<ArtifactEntry> reversed = new ArrayList<>(files);
        Collections.reverse(reversed);
        // What `find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum` prints there.
        Digest printed = Digest.parse("sha256:1e51175bf73f59b6f21614297bf9ca6eef9445731fd452211c1f429deabb160f");

        assertThat(FileListDigest.of(files)).isEqualTo(printed);
        assertThat(FileListDigest.of(reversed)).isEqualTo(printed);
    }

    @Test
    void aFileWithoutADigestHasNoPlaceInIt() {
        List<ArtifactEntry> files = List.of(new ArtifactEntry(RelativePath.of("a"), 1, null));

        assertThatThrownBy(() -> FileListDigest.of(files))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("digest");
    }
}
