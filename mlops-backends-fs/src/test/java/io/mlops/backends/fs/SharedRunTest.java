package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that record one run: each is told of the others, and the run is left behind once none of them lives. */
final class SharedRunTest {
    private static final RunId ID = new RunId("shared");
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** Records a point at the start and with each line that it is told; prints after each what it has warned of. */
    static final class Recording {
        public static void main(String[] args) throws IOException {
            try (Mlops mlops = Mlops.open(args[0])) {
                Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
                do {
                    run.metric("loss", 1);
                    boolean durable = run.flush(LONG);
                    System.out.println(durable + " " + warnings());
                } while (System.in.read() >= 0);
            }
        }

        private static List<String> warnings() {
            return TestLoggerFactory.getAllLoggingEvents().stream()
                    .map(LoggingEvent::getFormattedMessage)
                    .filter(message -> message.contains("is recorded by"))
                    .toList();
        }
    }

    private String store() {
        return "file:" + folder.resolve("store");
    }

    private ChildJvm start() throws IOException {
        return ChildJvm.start(Recording.class, store());
    }

    private static String record(ChildJvm child) throws IOException {
        child.tell("");
        return String.valueOf(child.line());
    }

    @Test
    void eachIsToldOnceOfTheOther() throws IOException {
        try (ChildJvm first = start()) {
            assertThat(first.line()).isEqualTo("true []");
            try (ChildJvm second = start()) {
                String told = String.valueOf(second.line());
                assertThat(told).startsWith("true [run shared is recorded by process " + first.pid() + " on ");
                assertThat(record(second)).isEqualTo(told);

                String firstTold = record(first);
                assertThat(firstTold).startsWith("true [run shared is recorded by process " + second.pid() + " on ");
                assertThat(record(first)).isEqualTo(firstTold);
            }
        }
    }

    @Test
    void aRunIsLeftBehindOnceNobodyRecordsIt() throws IOException {
        try (ChildJvm first = start();
                Mlops mlops = Mlops.open(store())) {
            assertThat(first.line()).startsWith("true");
            try (ChildJvm second = start()) {
                assertThat(second.line()).startsWith("true");
                assertOrphaned(mlops, false);
                first.kill();
                assertOrphaned(mlops, false);
                try (ChildJvm third = start()) {
                    assertThat(third.line()).contains("process " + second.pid() + " on ");
                    second.kill();
                    assertOrphaned(mlops, false);
                }
            }
            assertOrphaned(mlops, true);

            mlops.tracker().end(ID, new RunOutcome.Killed("all are gone"));

            assertThat(mlops.tracker().get(ID).status()).isEqualTo(RunStatus.KILLED);
            assertOrphaned(mlops, false);
        }
    }

    private static void assertOrphaned(Mlops mlops, boolean orphaned) {
        assertThat(mlops.tracker().get(ID).orphaned()).isEqualTo(orphaned);
        assertThat(mlops.tracker().search(RunQuery.of("churn")).findFirst())
                .hasValueSatisfying((RunInfo run) -> assertThat(run.orphaned()).isEqualTo(orphaned));
    }

    @Test
    void oneThatJoinedAndNeverOwnedKeepsTheRunAliveUntilItIsKilled() throws IOException {
        try (ChildJvm first = start()) {
            assertThat(first.line()).startsWith("true");
            try (ChildJvm second = start()) {
                assertThat(second.line()).startsWith("true");
                first.kill();
                try (Mlops mlops = Mlops.open(store())) {
                    assertOrphaned(mlops, false);
                    second.kill();
                    assertOrphaned(mlops, true);
                }
            }
        }
    }
}
