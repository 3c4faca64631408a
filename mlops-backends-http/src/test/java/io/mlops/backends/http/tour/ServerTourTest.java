package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.RealServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Setup;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Goes through everything on real servers that are started in other ways than most are. */
final class ServerTourTest {
    @TempDir
    private Path work;

    @Test
    @NeedsServer(value = Release.V3_17, setup = Setup.PREFIX)
    void aServerBelowAPath(RealServer server) throws IOException {
        Tour.of(server.address(), HttpSettings.standard(), work);
    }

    @Test
    @NeedsServer(value = Release.V3_17, setup = Setup.FOLDER)
    void aServerWhoseArtifactsLieInASharedFolder(RealServer server) throws IOException {
        Tour.of(server.address(), HttpSettings.standard().allowFolder(server.artifacts()), work);
        assertThat(server.artifacts()).isNotEmptyDirectory();
    }

    @Test
    @NeedsServer(value = Release.V3_17, setup = Setup.FOLDER)
    void aFolderThatNobodyAllowedIsNotTouched(RealServer server) throws IOException {
        RunId id;
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            Run run = mlops.tracker().start(RunSpec.of("not allowed"));
            run.metric("loss", 1, 0);
            run.artifacts().putText("small.txt", "the server takes small ones for us");
            assertThatThrownBy(() -> run.artifacts().put("large.bin", Content.of(new byte[11_000_000])))
                    .isInstanceOf(UnsupportedByBackendException.class)
                    .hasMessageContaining("--serve-artifacts");
            run.complete();
            id = run.id();
            assertThat(mlops.delivery().dropped()).isEmpty();
        }
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(1);
            assertThat(mlops.tracker().artifacts(id).find("small.txt")).isPresent();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "mlops.faults", matches = "[1-9]\\d+", disabledReason = "in profile faults")
    @NeedsServer(Release.V2_9)
    void theOldestVersion(RealServer server) throws IOException {
        Tour.of(server.address(), HttpSettings.standard(), work);
    }
}
