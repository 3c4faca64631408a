package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What lies where an event file is expected and is none leaves out itself, and keeps nothing from being recorded. */
@QuietExtension.Warned
final class UnreadableEventFileTest {
    private static final RunId ID = new RunId("run-1");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);

    @TempDir
    private Path folder;

    @BeforeEach
    void clearLog() {
        log.clearAll();
    }

    enum Stray {
        FOLDER("metrics-000007-0000abcd.tfevents") {
            @Override
            void make(Path at) throws IOException {
                Files.createDirectory(at);
            }
        },
        LINK_TO_NOTHING("metrics-000007-0000abcd.tfevents") {
            @Override
            void make(Path at) throws IOException {
                Files.createSymbolicLink(at, Path.of("nothing"));
            }
        },
        LINK_TO_ITSELF("metrics-000007-0000abcd.tfevents") {
            @Override
            void make(Path at) throws IOException {
                Files.createSymbolicLink(at, at.getFileName());
            }
        },
        PIPE("metrics-000007-0000abcd.tfevents") {
            @Override
            void make(Path at) throws IOException, InterruptedException {
                assertThat(new ProcessBuilder("mkfifo", at.toString()).start().waitFor())
                        .isZero();
            }
        },
        TEXT("metrics-000007-0000abcd.tfevents") {
            @Override
            void make(Path at) throws IOException {
                Files.writeString(at, "a text that somebody gave this name");
            }
        },
        TEXT_FOR_A_WRITERS_FOLDER("w-0000abcd") {
            @Override
            void make(Path at) throws IOException {
                Files.writeString(at, "notes");
            }
        };

        private final String name;

        Stray(String name) {
            this.name = name;
        }

        abstract void make(Path at) throws IOException, InterruptedException;
    }

    @ParameterizedTest
    @EnumSource
    void leavesOutItselfAndIsToldOnce(Stray stray) throws Exception {
        Path run = folder.resolve("store/experiments/churn/run-1");
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"));
                Run recorded = mlops.tracker().start(RunSpec.of("churn").id(ID))) {
            recorded.metric("loss", 1);
            assertThat(recorded.flush(LONG)).isTrue();
            stray.make(run.resolve(stray.name));

            assertTimeoutPreemptively(LONG, () -> goesOn(mlops, recorded));
        }

        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains(run.resolve(stray.name).toString()));
    }

    private static void goesOn(Mlops mlops, Run recorded) {
        recorded.metric("loss", 2);
        assertThat(recorded.flush(LONG)).isTrue();
        assertThat(mlops.tracker().get(ID).metric("loss")).isEqualTo(2);
        assertThat(mlops.tracker().search(RunQuery.of("churn")).stream().map(RunInfo::id))
                .containsExactly(ID);
        recorded.metric("loss", 3);
        recorded.complete();
        mlops.tracker().change(ID, new RunFact.Tagged("a", "b"));
        assertThat(mlops.tracker().get(ID).metrics().get("loss").range().count())
                .isEqualTo(3);
        assertThat(mlops.tracker().history(ID, "loss").stream().map(MetricPoint::value))
                .containsExactly(1.0, 2.0, 3.0);
        assertThat(mlops.delivery().lost()).isZero();
    }

    @Test
    void aNumberThatSomebodyMadeUpLeadsToNoNameThatNobodyReads() throws IOException {
        Path run = folder.resolve("store/experiments/churn/run-1");
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"));
                Run recorded = mlops.tracker().start(RunSpec.of("churn").id(ID))) {
            recorded.param("seed", 1);
            assertThat(recorded.flush(LONG)).isTrue();
            Files.createFile(run.resolve("metrics-999999999999999999-0000abcd.tfevents"));
            recorded.metric("loss", 1);
            recorded.complete();

            assertThat(mlops.tracker().history(ID, "loss").stream()).hasSize(1);
            assertThat(mlops.tracker().get(ID).metric("loss")).isEqualTo(1);
        }
    }
}
