package io.mlops.backends.http.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in a folder of a real server that it moves for us, as its pages do. */
final class StreamedFilesTest {
    @TempDir
    private Path folder;

    @Test
    @NeedsServer(Release.V3_17)
    void version3MovesThem(TestServer server) throws Exception {
        moves(server);
    }

    @Test
    @NeedsServer(Release.V2_22)
    void version2MovesThem(TestServer server) throws Exception {
        moves(server);
    }

    private void moves(TestServer server) throws Exception {
        server.empty();
        String root = folder.toUri().toString().replaceAll("/$", "");
        try (FilesOnServer files = FilesOnServer.of(server, root, HttpSettings.standard())) {
            byte[] bytes = FilesOnServer.bytes(3_000_000);
            assertThat(files.put("reports/größe #1", bytes)).isEqualTo(bytes.length);
            assertThat(files.read("reports/größe #1")).isEqualTo(bytes);
            assertThat(files.put("reports/größe #1", new byte[] {1})).isEqualTo(1);
            assertThat(files.read("reports/größe #1")).containsExactly(1);
            assertThat(files.has("reports/none")).isFalse();

            assertThatThrownBy(() -> files.put("large", new byte[11_000_000]))
                    .isInstanceOf(UnsupportedByBackendException.class)
                    .hasMessageContainingAll("--serve-artifacts", "HttpSettings.allowFolder");
        }
    }
}
