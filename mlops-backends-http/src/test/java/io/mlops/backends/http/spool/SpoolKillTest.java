package io.mlops.backends.http.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests what becomes of the runs of programs that are killed. */
@Timeout(60)
final class SpoolKillTest {
    private static final RunId ENDED = new RunId("ended");
    private static final RunId OPEN = new RunId("open");

    @TempDir
    private Path folder;

    private final Remote server = new Remote();

    private static void recordAndBeKilled(Path spool) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledProgram.class.getName(),
                        spool.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("ready");
        } finally {
            program.destroyForcibly();
            program.waitFor();
        }
    }

    @Test
    void whatAKilledProgramRecordedComesToTheServerAndItsJobGoesOn() throws Exception {
        Path spool = folder.resolve("spool");
        recordAndBeKilled(spool);
        try (Mlops mlops = Mlops.using(server, Spools.config(spool))) {
            Spools.await(
                    "the killed runs",
                    () -> points(OPEN) == KilledProgram.POINTS && status(ENDED) == RunStatus.FINISHED);
            assertThat(status(OPEN)).isEqualTo(RunStatus.RUNNING);
            Spools.await(
                    "only the one that may go on", () -> Spools.waiting(spool).size() == 1);

            Run run = mlops.tracker().start(RunSpec.of("churn").id(OPEN.value()));
            assertThat(run.nextStep("loss")).isEqualTo(KilledProgram.POINTS);
            run.metric("loss", 0);
            run.complete();
            assertThat(points(OPEN)).isEqualTo(KilledProgram.POINTS + 1);
            assertThat(status(OPEN)).isEqualTo(RunStatus.FINISHED);
            assertThat(Spools.waiting(spool)).isEmpty();
            assertThat(mlops.tracker().artifacts(OPEN).find("report.txt")).isPresent();
        }
    }

    @Test
    void oneThatRunsTakesOverFromOneThatIsKilled() throws Exception {
        Path spool = folder.resolve("spool");
        try (Mlops mlops = Mlops.using(server, Spools.config(spool));
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.metric("loss", 1);
            recordAndBeKilled(spool);
            Spools.await(
                    "the killed runs",
                    () -> points(OPEN) == KilledProgram.POINTS && status(ENDED) == RunStatus.FINISHED);
            run.complete();
        }
    }

    @Test
    void aRunThatNobodyGoesOnWithLeavesTheSpoolAfterADay() throws Exception {
        Path spool = folder.resolve("spool");
        recordAndBeKilled(spool);
        MlopsConfig later =
                Spools.config(spool).clock(InstantSource.offset(InstantSource.system(), Duration.ofHours(25)));
        Instant before = Instant.now();
        try (Mlops mlops = Mlops.using(server, later)) {
            Spools.await("an empty spool", () -> Spools.waiting(spool).isEmpty());
            assertThat(points(OPEN)).isEqualTo(KilledProgram.POINTS);
            assertThat(mlops.tracker().get(OPEN).started()).isBefore(before);
        }
    }

    private RunStatus status(RunId run) {
        return server.memory().runs().find(run).map(RunInfo::status).orElse(RunStatus.UNKNOWN);
    }

    private long points(RunId run) {
        if (server.memory().runs().find(run).isEmpty()) {
            return 0;
        }
        try (Mlops reader = Mlops.using(server.memory())) {
            return reader.tracker().history(run, "loss").stream().count();
        }
    }
}
