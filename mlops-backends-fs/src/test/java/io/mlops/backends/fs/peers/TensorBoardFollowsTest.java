package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that TensorBoard goes on showing a run while it is written, whatever becomes of its writers. */
@NeedsPeer(Peer.PYTHON)
final class TensorBoardFollowsTest {
    private static final RunId JOB = new RunId("job-1");
    private static final Duration LONG = Duration.ofMinutes(1);
    /** A time in which TensorBoard looks again a few times. */
    private static final Duration A_FEW_LOOKS = Duration.ofSeconds(3);

    @TempDir
    private Path store;

    @Test
    void aRunWhileItIsWritten() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store);
                Run run = mlops.tracker().start(RunSpec.of("live").id("job-1"));
                TensorBoard board = TensorBoard.start(store)) {
            for (int points = 10; points <= 50; points += 10) {
                for (int i = 0; i < 10; i++) {
                    run.metric("n", i);
                }
                List<Scalar> shown = board.awaitPoints("live", JOB, "n", points);
                assertThat(Scalar.steps(shown)).isEqualTo(longs(LongStream.range(0, points)));
            }
            run.metric("late", 1);
            run.complete();
            board.awaitShows(mlops.tracker(), "live");
        }
    }

    @Test
    void aRunThatIsKilledAndGoesOnInAnotherProcess() throws Exception {
        long acknowledged = 0;
        try (Mlops reader = Mlops.open("file:" + store);
                TensorBoard board = TensorBoard.start(store)) {
            try (RecorderProcess first = new RecorderProcess(store, "live", JOB)) {
                first.record("n", 0, 9, 1);
                board.awaitPoints("live", JOB, "n", 10);
                first.recordForEver("n");
                while (acknowledged < 2_000) {
                    acknowledged = first.awaitDurable();
                }
                first.kill();
            }
            try (RecorderProcess second = new RecorderProcess(store, "live", JOB)) {
                long next =
                        reader.tracker().get(JOB).metrics().get("n").latest().step() + 1;
                assertThat(next).as("everything acknowledged is there").isGreaterThan(acknowledged);
                second.record("n", next, next + 49, 1);
                List<Scalar> shown = board.awaitPoints("live", JOB, "n", (int) next + 50);
                assertThat(Scalar.steps(shown)).isEqualTo(longs(LongStream.range(0, next + 50)));
                second.complete();
            }
            board.awaitShows(reader.tracker(), "live");
            assertThat(board.lives()).as("it was never started again").isTrue();
        }
    }

    @Test
    @QuietExtension.Warned
    void aRunThatIsKilledInMidRecord() throws Exception {
        Mlops.open("file:" + store).close();
        try (TensorBoard board = TensorBoard.start(store)) {
            goesOnAfterHalfARecord(board);
        }
    }

    @Test
    @QuietExtension.Warned
    void aRunThatIsKilledInMidRecordWithTheClassicLoader() throws Exception {
        Mlops.open("file:" + store).close();
        try (TensorBoard board = TensorBoard.startClassic(store)) {
            goesOnAfterHalfARecord(board);
        }
    }

    private void goesOnAfterHalfARecord(TensorBoard board) throws Exception {
        try (RecorderProcess first = new RecorderProcess(store, "live", JOB)) {
            first.record("n", 0, 29, 1);
            board.awaitPoints("live", JOB, "n", 30);
            first.kill();
        }
        appendHalfARecord(store.resolve("experiments/live/job-1"));
        // TensorBoard has read the half record, and remembers where it stopped, before anybody goes on.
        await().during(A_FEW_LOOKS)
                .atMost(LONG)
                .until(() -> board.points("live/job-1", "n").size() == 30);
        try (RecorderProcess second = new RecorderProcess(store, "live", JOB)) {
            second.record("n", 30, 59, 1);
            assertThat(Scalar.steps(board.awaitPoints("live", JOB, "n", 60))).isEqualTo(longs(LongStream.range(0, 60)));
            second.record("n", 60, 69, 1);
            second.complete();
        }
        try (Mlops mlops = Mlops.open("file:" + store)) {
            board.awaitShows(mlops.tracker(), "live");
            assertThat(mlops.tracker().history(JOB, "n").stream().map(MetricPoint::step))
                    .containsExactlyElementsOf(longs(LongStream.range(0, 70)));
        }
    }

    @Test
    void aRunThatGoesOnWithAClockThatIsAYearBehind() throws IOException {
        MlopsConfig behind = MlopsConfig.standard().clock(() -> Instant.now().minus(Duration.ofDays(365)));
        try (Mlops now = Mlops.open("file:" + store);
                Mlops lastYear = Mlops.open("file:" + store, behind);
                TensorBoard board = TensorBoard.start(store)) {
            Run first = now.tracker().start(RunSpec.of("live").id("job-1"));
            LongStream.range(0, 50).forEach(step -> first.metric("n", (double) step, step));
            first.end(new RunOutcome.Killed("to go on elsewhere"));
            board.awaitPoints("live", JOB, "n", 50);
            Run second = lastYear.tracker().resume(JOB);
            LongStream.range(50, 100).forEach(step -> second.metric("n", (double) step, step));
            second.complete();
            assertThat(Scalar.steps(board.awaitPoints("live", JOB, "n", 100)))
                    .isEqualTo(longs(LongStream.range(0, 100)));
            board.awaitShows(now.tracker(), "live");
            try (TensorBoard later = TensorBoard.start(store)) {
                later.awaitShows(now.tracker(), "live");
            }
        }
    }

    @Test
    @QuietExtension.Warned
    void twoProcessesThatWriteOneRunAsTwoRuns() throws Exception {
        try (Mlops mlops = Mlops.open("file:" + store);
                Run run = mlops.tracker().start(RunSpec.of("live").id("job-1"));
                TensorBoard board = TensorBoard.start(store)) {
            assertThat(run.flush(LONG)).isTrue();
            try (RecorderProcess other = new RecorderProcess(store, "live", JOB)) {
                for (long round = 0; round < 5; round++) {
                    long from = round * 20;
                    LongStream.range(0, 10)
                            .map(i -> from + 2 * i)
                            .forEach(step -> run.metric("n", (double) step, step));
                    assertThat(run.flush(LONG)).isTrue();
                    other.record("n", from + 1, from + 19, 2);
                }
                await().atMost(LONG).until(() -> board.runs("job-1").size() == 2);
                SortedSet<String> runs = board.runs("job-1");
                assertThat(runs.first()).isEqualTo("live/job-1");
                assertThat(runs.last()).matches("live/job-1/w-[0-9a-f]+");
                await().atMost(LONG).untilAsserted(() -> {
                    assertThat(Scalar.steps(board.points(runs.first(), "n")))
                            .isEqualTo(longs(LongStream.range(0, 50).map(i -> 2 * i)));
                    assertThat(Scalar.steps(board.points(runs.last(), "n")))
                            .isEqualTo(longs(LongStream.range(0, 50).map(i -> 2 * i + 1)));
                });
                assertThat(mlops.tracker().history(JOB, "n").stream().map(MetricPoint::step))
                        .as("the library itself puts them together")
                        .containsExactlyInAnyOrderElementsOf(longs(LongStream.range(0, 100)));
            }
            run.complete();
        }
    }

    private static List<Long> longs(LongStream numbers) {
        return numbers.boxed().toList();
    }

    /**
     * Appends what a kill in the middle of a write leaves behind: here the first half of the file's own first record.
     */
    private static void appendHalfARecord(Path run) throws IOException {
        try (var files = Files.newDirectoryStream(run, "*.tfevents")) {
            Path file = files.iterator().next();
            byte[] half = new byte[30];
            System.arraycopy(Files.readAllBytes(file), 0, half, 0, half.length);
            Files.write(file, half, StandardOpenOption.APPEND);
        }
    }
}
