package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it records. */
@QuietExtension.Warned
final class CrashTest {
    private static final RunId ID = new RunId("job-1");
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** Logs numbered points and prints how many were acknowledged by a flush, until it is killed. */
    static final class Logging {
        public static void main(String[] args) {
            try (Mlops mlops = Mlops.open(args[0])) {
                Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
                run.param("seed", 42);
                for (long i = 0; ; i++) {
                    run.metric("loss", 1.0 / (i + 1));
                    if (i % 1000 == 999 && run.flush(LONG)) {
                        System.out.println(i + 1);
                    }
                }
            }
        }
    }

    private String store() {
        return "file:" + folder.resolve("store");
    }

    private Path eventFile() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store/experiments"))) {
            return files.filter(file -> file.toString().endsWith(".tfevents"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Kills the child after so many acknowledgements; returns how many points were acknowledged. */
    private long logAndKill(int acknowledgements) throws Exception {
        try (ChildJvm child = ChildJvm.start(Logging.class, store())) {
            String last = "0";
            for (int i = 0; i < acknowledgements; i++) {
                last = child.line();
            }
            child.kill();
            for (String line : child.lines()) {
                last = line;
            }
            return Long.parseLong(last);
        }
    }

    @Test
    void everythingAcknowledgedIsThere() throws Exception {
        for (int round = 1; round <= 3; round++) {
            long acknowledged = logAndKill(round * 3);
            try (Mlops mlops = Mlops.open(store())) {
                RunInfo run = mlops.tracker().get(ID);
                List<Long> steps = mlops.tracker().history(ID, "loss").stream()
                        .map(MetricPoint::step)
                        .toList();

                assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
                assertThat(run.orphaned()).isTrue();
                assertThat(mlops.tracker().search(RunQuery.of("churn")).findFirst())
                        .hasValueSatisfying(
                                found -> assertThat(found.orphaned()).isTrue());
                assertThat(run.params()).containsEntry("seed", "42");
                assertThat(steps).hasSizeGreaterThanOrEqualTo((int) acknowledged);
                assertThat(steps)
                        .isEqualTo(LongStream.range(0, steps.size()).boxed().toList());
                assertThat(run.metrics().get("loss").range().count()).isEqualTo(steps.size());
            }
        }
    }

    @Test
    void aRunGoesOnAfterItsWriterDiedInMidRecord() throws Exception {
        logAndKill(2);
        Path torn = eventFile();
        byte[] half = new byte[20];
        half[0] = 40;
        Files.write(torn, half, StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(torn);

        try (Mlops mlops = Mlops.open(store())) {
            long there = mlops.tracker().history(ID, "loss").stream().count();
            try (Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()))) {
                assertThat(run.nextStep("loss")).isEqualTo(there);
                run.metric("loss", 7);
                assertThat(run.flush(LONG)).isTrue();
                assertThat(mlops.tracker().get(ID).orphaned())
                        .as("it has a writer again")
                        .isFalse();
                run.complete();
            }

            RunInfo run = mlops.tracker().get(ID);
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(run.metrics().get("loss").range().count()).isEqualTo(there + 1);
            assertThat(run.metric("loss")).isEqualTo(7);
            assertThat(mlops.tracker().history(ID, "loss").stream().mapToLong(MetricPoint::step))
                    .isEqualTo(LongStream.rangeClosed(0, there).boxed().toList());
        }
        assertThat(torn)
                .as("a file that another tool may have open is never touched")
                .hasBinaryContent(before);
        try (Stream<Path> files = Files.list(torn.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith("metrics-"))
                            .sorted())
                    .hasSize(2)
                    .first()
                    .isEqualTo(torn.getFileName().toString());
        }
    }

    @Test
    void aRunWhoseWriterDiedCanBeEndedByAnybody() throws Exception {
        logAndKill(1);
        try (Mlops mlops = Mlops.open(store())) {
            mlops.tracker().change(ID, new RunChange.Ended(new RunOutcome.Killed("out of memory"), Instant.now()));

            assertThat(mlops.tracker().get(ID).status()).isEqualTo(RunStatus.KILLED);
            assertThat(mlops.tracker().get(ID).orphaned()).isFalse();
            assertThat(mlops.tracker().get(ID).metrics()).containsKey("loss");
        }
    }

    @Test
    void aTornRecordIsReportedOnceItsWriterIsDead() throws Exception {
        TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);
        logAndKill(1);
        Path torn = eventFile();
        Files.write(torn, new byte[5], StandardOpenOption.APPEND);

        try (Mlops mlops = Mlops.open(store())) {
            assertThat(mlops.tracker().history(ID, "loss").stream().count()).isGreaterThanOrEqualTo(1000);
            assertThat(mlops.tracker().get(ID).metrics()).containsKey("loss");
        }

        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(
                        event -> assertThat(event.getFormattedMessage()).contains(torn.toString(), "no whole record"));
    }

    @Test
    void aFlippedBitLosesOneRecordAndIsReportedOnce() throws Exception {
        TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);
        log.clearAll();
        RunId id;
        try (Mlops mlops = Mlops.open(store())) {
            id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 100; i++) {
                    run.metric("loss", i, i);
                }
            });
        }
        Path file = eventFile();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);

        try (Mlops mlops = Mlops.open(store())) {
            assertThat(mlops.tracker().history(id, "loss").stream().count()).isEqualTo(99);
            assertThat(mlops.tracker().history(id, "loss").stream().count()).isEqualTo(99);
        }
        assertThat(log.getAllLoggingEvents()).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains(file.toString(), "damaged bytes");
        });
    }
}
