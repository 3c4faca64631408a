package io.mlops.backends.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Listing;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.SyncReport;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import io.mlops.core.memory.MemoryBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a folder {@code mlruns} of old comes by MLflow's own migration and a server on what that made. */
final class MlrunsSyncTest {
    @TempDir
    private Path folder;

    private Process python(String script, Path where) throws IOException, URISyntaxException {
        Path file = Path.of(
                requireNonNull(getClass().getResource("/servers/" + script)).toURI());
        ProcessBuilder program = new ProcessBuilder(System.getenv("MLOPS_PYTHON"), file.toString(), where.toString());
        program.environment().put("MLFLOW_ENABLE_TELEMETRY", "false");
        program.environment().put("DO_NOT_TRACK", "true");
        return program.redirectError(folder.resolve(script + ".log").toFile()).start();
    }

    @Test
    @NeedsServer(Release.V3_17)
    @EnabledIfSystemProperty(named = "mlops.faults", matches = "[0-9]{2,}")
    void idsTimesNestingPointsAndFilesStay() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        Process making = python("make_mlruns.py", place);
        String[] ids = requireNonNull(reader(making).readLine()).split(" ", 2);
        assertThat(making.waitFor()).isZero();
        Process keeper = python("keep_server.py", place);
        MemoryBackend target = new MemoryBackend();
        try (Backend server = HttpBackend.at(
                        "http://127.0.0.1:" + requireNonNull(reader(keeper).readLine()),
                        HttpSettings.standard().allowFolder(place));
                Mlops mlops = Mlops.using(server, Straight.CONFIG)) {
            SyncReport report = mlops.sync(target, Progress.none());

            assertThat(report.conflicts()).isEmpty();
            assertThat(mlops.sync(target, Progress.none()).isUnchanged()).isTrue();
        } finally {
            keeper.destroy();
            keeper.onExit().join();
        }
        RunInfo trial = target.runs().get(new RunId(ids[1]));
        assertThat(trial.parent()).isEqualTo(new RunId(ids[0]));
        assertThat(trial.name()).isEqualTo("trial");
        assertThat(trial.started()).isEqualTo(Instant.ofEpochMilli(1600000001123L));
        assertThat(trial.ended()).isEqualTo(Instant.ofEpochMilli(1600000009000L));
        assertThat(trial.status()).isEqualTo(RunStatus.FAILED);
        assertThat(trial.params()).isEqualTo(Map.of("trees", "200"));
        assertThat(trial.tags()).containsEntry("team", "growth");
        Listing<MetricPoint> history = page -> target.runs().history(trial.id(), "loss", page);
        assertThat(history.stream()).hasSize(30);
        assertThat(target.artifacts().find(trial.id(), RelativePath.of("reports/report.html")))
                .isPresent();
    }

    private static BufferedReader reader(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }
}
