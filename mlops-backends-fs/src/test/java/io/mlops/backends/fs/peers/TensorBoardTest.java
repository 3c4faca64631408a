package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Limits;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that TensorBoard shows every run, tag and step of a store that is written while it is open. */
@NeedsPeer(Peer.PYTHON)
final class TensorBoardTest {
    private static final List<String> TAGS =
            List.of("loss", "val/loss", "größe in mm", " lead and trail ", "a.b-c_d/e f/ß", "損失", "x".repeat(250));

    private static final List<String> EXPERIMENTS = List.of(
            "churn",
            "Kündigung / 2. Versuch",
            "..",
            "con",
            "CHURN",
            "a b",
            "日本",
            "trailing.",
            "long ".repeat(60) + "x");

    private static final List<Double> VALUES = List.of(
            0.1,
            Double.NaN,
            1.0,
            Double.POSITIVE_INFINITY,
            2.0,
            Double.NEGATIVE_INFINITY,
            3.0,
            -0.0,
            0.0,
            1e300,
            -1e300,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            (double) Float.MIN_VALUE,
            -Float.MIN_VALUE / 2.0,
            Float.MIN_NORMAL / 3.0,
            Double.MIN_NORMAL / 3,
            (double) Float.MAX_VALUE,
            Double.MAX_VALUE,
            16_777_217.0,
            Math.PI,
            4.0);

    @TempDir
    private static Path folder;

    private static Path store;
    private static TensorBoard board;

    @BeforeAll
    static void openStoreAndTensorBoard() throws IOException {
        store = folder.resolve("my store");
        Mlops.open("file:" + store).close();
        board = TensorBoard.start(store);
    }

    @AfterAll
    static void stop() throws IOException {
        if (board != null) {
            board.close();
        }
    }

    @Test
    void showsEveryRunTagAndStep() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store)) {
            for (String experiment : EXPERIMENTS) {
                for (int i = 0; i < 2; i++) {
                    RunId unused = mlops.tracker().run(experiment, run -> {
                        for (long step = 0; step < 50; step++) {
                            for (String tag : TAGS) {
                                run.metric(tag, Math.sqrt((double) step + tag.length()), step);
                            }
                        }
                    });
                }
            }
            for (String experiment : EXPERIMENTS) {
                board.awaitShows(mlops.tracker(), experiment);
            }
            try (TensorBoard later = TensorBoard.start(store)) {
                for (String experiment : EXPERIMENTS) {
                    later.awaitShows(mlops.tracker(), experiment);
                }
            }
        }
    }

    @Test
    void showsEveryValueAsTheFloatThatItIsNearest() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store)) {
            RunId id = mlops.tracker().run("values", run -> {
                for (double value : VALUES) {
                    run.metric("v", value);
                }
            });
            assertThat(board.awaitPoints("values", id, "v", VALUES.size()).stream()
                            .map(Scalar::value))
                    .containsExactlyElementsOf(
                            VALUES.stream().map(Double::floatValue).toList());
            board.awaitShows(mlops.tracker(), "values");
            assertThat(mlops.tracker().history(id, "v").stream()
                            .sorted(MetricPoint.BY_STEP)
                            .map(MetricPoint::value))
                    .as("what a float cannot hold is exact in the library itself")
                    .containsExactlyElementsOf(VALUES);
        }
    }

    @Test
    void showsNegativeAndHugeSteps() throws IOException {
        List<Long> steps = List.of(
                Long.MIN_VALUE, -1_000_000_000_000L, -1L, 0L, 1L, (1L << 53) + 1, Long.MAX_VALUE - 1, Long.MAX_VALUE);
        try (Mlops mlops = Mlops.open("file:" + store)) {
            RunId id = mlops.tracker().run("steps", run -> {
                for (long step : steps) {
                    run.metric("v", 1, step);
                }
            });
            assertThat(Scalar.steps(board.awaitPoints("steps", id, "v", steps.size())))
                    .isEqualTo(steps);
        }
    }

    @Test
    void showsPointsWithoutStepOneByOne() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store)) {
            RunId id = mlops.tracker().run("stepless", run -> {
                for (int i = 0; i < 100; i++) {
                    run.metric("v", i);
                }
            });
            assertThat(Scalar.steps(board.awaitPoints("stepless", id, "v", 100)))
                    .isEqualTo(LongStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void showsTwentyThousandPointsOfOneTag() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store)) {
            RunId unused = mlops.tracker().run("many", run -> {
                for (int i = 0; i < 20_000; i++) {
                    run.metric("v", Math.sin(i), i);
                    run.metric("w", Math.cos(i), i);
                }
            });
            board.awaitShows(mlops.tracker(), "many");
        }
    }

    @Test
    void losesNothingAfterAnImpossibleTime() throws IOException {
        List<Instant> times = List.of(
                Instant.parse("2026-11-21T09:30:15.123Z"),
                Instant.MAX,
                Instant.MIN,
                Instant.EPOCH,
                Instant.ofEpochMilli(Long.MAX_VALUE),
                Instant.ofEpochMilli(-1));
        AtomicInteger asked = new AtomicInteger();
        MlopsConfig config = MlopsConfig.standard().clock(() -> times.get(asked.getAndIncrement() % times.size()));
        try (Mlops mlops = Mlops.open("file:" + store, config)) {
            RunId id = mlops.tracker().run("times", run -> {
                for (int i = 0; i < 60; i++) {
                    run.metric("v", i, i);
                }
            });
            assertThat(board.awaitPoints("times", id, "v", 60).stream().map(Scalar::wallTime))
                    .as("points at the end of time, with points after them")
                    .contains(Limits.LATEST.toEpochMilli() / 1000.0);
            board.awaitShows(mlops.tracker(), "times");
        }
    }
}
