package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Event files that a cleaner or a program that syncs folders removes, empties, cuts or replaces: nobody is told wrong. */
@QuietExtension.Warned
final class LostEventFileTest {
    private static final RunId ID = new RunId("run-1");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int POINTS = 100;
    private static final String WARNING = "acknowledged data is missing";

    private final TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);

    @TempDir
    private Path folder;

    private Mlops mlops;

    @BeforeEach
    void open() {
        log.clearAll();
        mlops = Mlops.open("file:" + folder.resolve("store"));
    }

    @AfterEach
    void close() {
        mlops.close();
    }

    /** Opens the store once more, as another process would. */
    private void reopen() {
        mlops.close();
        open();
    }

    /** What somebody does to a file, and how many of its points are still there. */
    enum Accident {
        REMOVED(0) {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        },
        EMPTIED(0) {
            @Override
            void to(Path file) throws IOException {
                cut(file, 0);
            }
        },
        CUT(POINTS / 2) {
            @Override
            void to(Path file) throws IOException {
                // Behind the head of a file there is a record for each point: its length, 12 bytes in all, data, 4
                // more.
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                int at = 0;
                for (int records = 0; records < 1 + POINTS / 2; records++) {
                    at += 12 + (int) bytes.getLong(at) + 4;
                }
                cut(file, at + 20);
            }
        },
        REPLACED_BY_A_PART(0) {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                Files.delete(file);
                Files.write(file, new byte[bytes.length]);
            }
        },
        REPLACED_BY_A_FOLDER(0) {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                Files.createDirectory(file);
            }
        };

        final int left;

        Accident(int left) {
            this.left = left;
        }

        abstract void to(Path file) throws IOException;

        static void cut(Path file, long length) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
        }
    }

    private Path run() {
        return folder.resolve("store/experiments/churn/run-1");
    }

    private List<Path> eventFiles() throws IOException {
        try (Stream<Path> files = Files.list(run())) {
            return files.filter(file -> file.toString().endsWith(".tfevents"))
                    .sorted()
                    .toList();
        }
    }

    private Run begun() {
        Run run = mlops.tracker().start(RunSpec.of("churn").id(ID));
        record(run, 0, POINTS);
        assertThat(run.flush(LONG)).isTrue();
        return run;
    }

    private static void record(Run run, int from, int to) {
        for (long step = from; step < to; step++) {
            run.metric("loss", 1.0 / 3, step);
        }
    }

    private List<Long> steps() {
        return mlops.tracker().history(ID, "loss").stream()
                .map(MetricPoint::step)
                .sorted()
                .toList();
    }

    private void assertAccount(long lost) {
        Delivery delivery = mlops.delivery();
        assertThat(delivery.lost()).isEqualTo(lost);
        assertThat(delivery.pending()).isZero();
        assertThat(delivery.durable()).isEqualTo(delivery.accepted() - lost);
    }

    private List<String> warnings() {
        return log.getAllLoggingEvents().stream()
                .map(event -> event.getFormattedMessage())
                .filter(message -> message.contains(WARNING))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void ofAnOpenRunIsNoticedCountedAndGoneOnFrom(Accident accident) throws IOException {
        try (Run run = begun()) {
            Path file = eventFiles().get(0);
            accident.to(file);
            record(run, POINTS, POINTS + 10);

            assertThat(run.flush(LONG)).as("once").isFalse();
            assertThat(run.flush(LONG)).isTrue();

            int lost = POINTS - accident.left;
            assertAccount(lost);
            assertThat(mlops.delivery().dropped()).containsEntry("missing in the store", (long) lost);
            record(run, POINTS + 10, POINTS + 20);
            run.complete();
            assertThat(steps())
                    .isEqualTo(
                            LongStream.concat(LongStream.range(0, accident.left), LongStream.range(POINTS, POINTS + 20))
                                    .boxed()
                                    .toList());
            assertAccount(lost);
            assertThat(mlops.tracker().get(ID).metrics().get("loss").latest().step())
                    .isEqualTo(POINTS + 19);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REMOVED", "EMPTIED", "CUT"})
    void isToldOnceWithTheFileByWriterAndReader(Accident accident) throws IOException {
        Path file;
        try (Run run = begun()) {
            file = eventFiles().get(0);
            accident.to(file);
            record(run, POINTS, POINTS + 10);
            boolean unused = run.flush(LONG);
            run.complete();
            assertThat(steps()).hasSize(accident.left + 10);
            assertThat(mlops.tracker().get(ID).status().ended()).isTrue();
        }
        assertThat(warnings()).singleElement().asString().contains(file.toString());
        reopen();
        for (int i = 0; i < 2; i++) {
            assertThat(mlops.tracker().find(ID)).isPresent();
            assertThat(steps()).hasSize(accident.left + 10);
        }
        assertThat(warnings()).singleElement().asString().contains(file.toString());
    }

    @Test
    void isNoticedAtTheEndOfARunThatRecordsNothingMore() throws IOException {
        try (Run run = begun()) {
            Files.delete(eventFiles().get(0));

            run.complete();

            assertAccount(POINTS);
            assertThat(steps()).isEmpty();
        }
    }

    @Test
    void losesNothingThatWasNotAcknowledgedYet() throws IOException {
        try (FsBackend backend = FsBackend.at(folder.resolve("store"))) {
            var unused = backend.runs().create(new RunDraft(ID, "churn", "run", Instant.EPOCH, null, Map.of()));
            MetricBatch batch = MetricBatch.of("w", 0, "loss", new long[3], new long[] {1, 2, 3}, new double[3]);
            assertThat(backend.runs().append(ID, batch)).isEqualTo(3);
            Files.delete(eventFiles().get(0));

            assertThatThrownBy(() -> backend.runs().change(ID, List.of()))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("metrics-000001-w.tfevents");

            assertThat(backend.runs().append(ID, batch)).isEqualTo(3);
            backend.runs().change(ID, List.of());
            assertThat(backend.runs().missing(ID, "w")).isZero();
        }
        assertThat(steps()).hasSize(3);
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofAFinishedRunIsToldByEveryReaderOnce(boolean emptied) throws IOException {
        begun().complete();
        Path file = eventFiles().get(0);
        if (emptied) {
            Files.write(file, new byte[0]);
        } else {
            Files.delete(file);
        }
        reopen();

        assertThat(mlops.tracker().search(RunQuery.of("churn")).stream().map(RunInfo::id))
                .containsExactly(ID);
        assertThat(warnings()).hasSize(1);
        assertThat(steps()).isEmpty();
        assertThat(mlops.tracker().get(ID).metric("loss")).isEqualTo(1.0 / 3);
        mlops.tracker().change(ID, new RunFact.Tagged("a", "b"));

        assertThat(warnings()).singleElement().asString().contains(file.toString());
        assertThat(log.getAllLoggingEvents()).hasSize(1);
    }

    @Test
    void isToldByTheHistoryThoughNothingElseWasRead() throws IOException {
        begun().complete();
        Files.delete(eventFiles().get(0));
        reopen();

        assertThat(steps()).isEmpty();

        assertThat(warnings()).hasSize(1);
    }

    @Test
    void isToldOfAnEarlierFileOfTheWriter() throws IOException {
        try (Run run = begun()) {
            Files.delete(eventFiles().get(0));
            record(run, POINTS, POINTS + 10);
            assertThat(run.flush(LONG)).isFalse();
            Files.delete(eventFiles().get(0));
            record(run, POINTS + 10, POINTS + 20);
            run.complete();
            assertAccount(POINTS + 10);
        }
        reopen();

        assertThat(steps()).hasSize(10);

        assertThat(warnings()).hasSize(2);
    }
}
