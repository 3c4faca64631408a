package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Limits;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what every {@link RunStore} must do with points. */
abstract class MetricStoreContract extends StoreSuite {
    private static final RunId ID = new RunId("run-1");
    private static final long T0 = NOON.toEpochMilli();

    @BeforeEach
    void makeRun() {
        store().create(new RunDraft(ID, "churn", "run", NOON, null, Map.of()));
    }

    private RunStore store() {
        return backend().runs();
    }

    /** A batch of points at steps {@code from} to {@code from + values}, a millisecond apart. */
    private static MetricBatch batch(String writer, long offset, String key, long from, double... values) {
        long[] steps = LongStream.range(from, from + values.length).toArray();
        long[] times = LongStream.of(steps).map(step -> T0 + step).toArray();
        return MetricBatch.of(writer, offset, key, steps, times, values);
    }

    private static MetricBatch one(String writer, long offset, long step, long millis, double value) {
        return MetricBatch.of(writer, offset, "m", new long[] {step}, new long[] {millis}, new double[] {value});
    }

    private static MetricPoint point(long step, long millis, double value) {
        return new MetricPoint(step, Instant.ofEpochMilli(millis), value);
    }

    private List<MetricPoint> history(String key) {
        return all(page -> store().history(ID, key, page), 1000);
    }

    private MetricSummary summary(String key) {
        store().change(ID, List.of());
        RunInfo run = store().find(ID).orElseThrow();
        return Objects.requireNonNull(run.metrics().get(key), "no summary of " + key);
    }

    @Test
    void pointsComeBackByKeyInOrder() {
        int[] keyOf = {0, 1, 0, 1};
        long[] steps = {0, 0, 1, 1};
        long[] times = {T0, T0, T0 + 5, T0 + 5};
        double[] values = {0.5, 10, 0.25, 20};

        long stored = store().append(
                        ID,
                        MetricBatch.wrap(
                                "w", 0, 0, 4, new String[] {"loss", "auc/größe"}, keyOf, steps, times, values));

        assertThat(stored).isEqualTo(4);
        assertThat(history("loss")).containsExactly(point(0, T0, 0.5), point(1, T0 + 5, 0.25));
        assertThat(history("auc/größe")).containsExactly(point(0, T0, 10), point(1, T0 + 5, 20));
        assertThat(history("never")).isEmpty();
    }

    @Test
    void onlyTheFirstSizePointsOfABatchCount() {
        store().append(
                        ID,
                        MetricBatch.wrap(
                                "w",
                                0,
                                0,
                                1,
                                new String[] {"m", "unused"},
                                new int[3],
                                new long[3],
                                new long[3],
                                new double[3]));

        assertThat(history("m")).containsExactly(point(0, 0, 0));
        assertThat(summary("m").latest()).isEqualTo(point(0, 0, 0));
        assertThat(store().find(ID).orElseThrow().metrics()).containsOnlyKeys("m");
    }

    @Test
    void aRepeatedBatchChangesNothing() {
        assertThat(store().append(ID, batch("w", 0, "m", 0, 1, 2, 3))).isEqualTo(3);

        assertThat(store().append(ID, batch("w", 0, "m", 0, 1, 2, 3))).isEqualTo(3);
        assertThat(store().append(ID, batch("w", 2, "m", 2, 3, 4))).isEqualTo(4);

        assertThat(history("m")).extracting(MetricPoint::value).containsExactly(1.0, 2.0, 3.0, 4.0);
        if (promises(Capability.METRIC_RANGES)) {
            assertThat(summary("m").range()).isEqualTo(new MetricSummary.Range(1, 4, 4));
        }
    }

    @Test
    void anEmptyBatchAsksHowManyThereAre() {
        assertThat(store().append(ID, batch("w", 0, "m", 0))).isZero();
        store().append(ID, batch("w", 0, "m", 0, 1, 2, 3));

        assertThat(store().append(ID, batch("w", 3, "m", 3))).isEqualTo(3);
        if (promises(Capability.BATCH_OFFSETS)) {
            assertThat(store().append(ID, batch("w", 1, "m", 1))).isEqualTo(3);
        }
        assertThat(history("m")).hasSize(3);
    }

    @Test
    void aGapIsRefusedAndNothingIsAdded() {
        store().append(ID, batch("w", 0, "m", 0, 1));
        if (promises(Capability.BATCH_OFFSETS)) {
            assertThatThrownBy(() -> store().append(ID, batch("w", 2, "m", 2, 3)))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("1", "2");
            assertThat(history("m")).hasSize(1);
        } else {
            assertThat(store().append(ID, batch("w", 2, "m", 2, 3))).isEqualTo(3);
            assertThat(history("m")).extracting(MetricPoint::step).containsExactly(0L, 2L);
        }
    }

    @Test
    void everyDoubleAndEveryStepIsExact() {
        double[] values = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            1e300,
            0.1,
            0.5f,
            (double) Float.MIN_VALUE,
            Math.PI
        };
        long[] steps = new long[values.length];
        long[] times = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            steps[i] = i % 3 == 0 ? Long.MIN_VALUE + i : i % 3 == 1 ? Long.MAX_VALUE - i : -i;
            times[i] = T0 + i;
        }

        store().append(ID, MetricBatch.of("w", 0, "m", steps, times, values));

        List<MetricPoint> found = history("m");
        assertThat(found).hasSize(values.length);
        for (int i = 0; i < values.length; i++) {
            double expected = promises(Capability.EXACT_METRICS) ? values[i] : nearest(values[i]);
            assertThat(Double.doubleToRawLongBits(found.get(i).value()))
                    .isEqualTo(Double.doubleToRawLongBits(expected));
            assertThat(found.get(i).step()).isEqualTo(steps[i]);
        }
    }

    /** The double that a place without {@link Capability#EXACT_METRICS} gives back. */
    private static double nearest(double value) {
        return value == 0 ? 0.0 : Double.isInfinite(value) ? Math.copySign(Double.MAX_VALUE, value) : value;
    }

    @Test
    void timesOfAnyCenturyFrom1970OnAreExact() {
        long[] times = {0, 1, 999, T0, 253_402_300_799_999L};
        long[] steps = LongStream.range(0, times.length).toArray();

        store().append(ID, MetricBatch.of("w", 0, "m", steps, times, new double[times.length]));

        assertThat(history("m"))
                .extracting(point -> point.time().toEpochMilli())
                .containsExactly(LongStream.of(times).boxed().toArray(Long[]::new));
    }

    @Test
    void timesBeyondThoseThatAreKeptAreTheNearest() {
        long[] times = {Long.MIN_VALUE, -1, T0, Long.MAX_VALUE};
        store().append(ID, MetricBatch.of("w", 0, "m", new long[] {0, 1, 2, 3}, times, new double[times.length]));

        assertThat(history("m"))
                .containsExactly(point(0, 0, 0), point(1, 0, 0), point(2, T0, 0), new MetricPoint(3, Limits.LATEST, 0));
        assertThat(all(page -> store().history(ID, "m", page), 1)).isEqualTo(history("m"));
        assertThat(summary("m").latest()).isEqualTo(new MetricPoint(3, Limits.LATEST, 0));
    }

    @Test
    void nothingIsMissingUnlessSomebodyTakesItAway() {
        store().append(ID, batch("w", 0, "m", 0, 1));
        store().change(ID, List.of());

        assertThat(store().missing(ID, "w")).isZero();
        assertThat(store().missing(new RunId("unknown"), "w")).isZero();
    }

    @Test
    void equalPointsAreOne() {
        store().append(ID, one("w", 0, 1, T0, 0.5));
        store().append(ID, one("w", 1, 1, T0, 0.5));
        store().append(ID, one("w", 2, 1, T0, Double.NaN));
        store().append(ID, one("w", 3, 1, T0, Double.NaN));
        store().append(ID, one("v", 0, 1, T0, 0.5));

        assertThat(history("m")).containsExactly(point(1, T0, 0.5), point(1, T0, Double.NaN));
    }

    @Test
    void aHistoryIsByTimeThenStepThenValue() {
        store().append(ID, one("w", 0, 7, T0 + 9, 1));
        store().append(ID, one("w", 1, 3, T0 + 2, 2));
        store().append(ID, one("w", 2, 1, T0 + 2, 5));
        store().append(ID, one("w", 3, 1, T0 + 2, 4));
        store().append(ID, one("v", 0, 0, T0 + 5, 3));

        assertThat(history("m"))
                .containsExactly(
                        point(1, T0 + 2, 4),
                        point(1, T0 + 2, 5),
                        point(3, T0 + 2, 2),
                        point(0, T0 + 5, 3),
                        point(7, T0 + 9, 1));
        assertThat(all(page -> store().history(ID, "m", page), 1)).isEqualTo(history("m"));
    }

    @Test
    void aHistoryPagesWhilePointsAreAdded() {
        double[] values = new double[2500];
        store().append(ID, batch("w", 0, "m", 0, values));
        Page<MetricPoint> page = store().history(ID, "m", PageRequest.first(100));
        List<MetricPoint> found = new ArrayList<>(page.items());
        long sent = values.length;
        while (page.next() != null) {
            if (sent < 3000) {
                store().append(ID, batch("w", sent, "m", sent, new double[10]));
                sent += 10;
            }
            page = store().history(ID, "m", new PageRequest(100, page.next()));
            found.addAll(page.items());
        }

        assertThat(found)
                .extracting(MetricPoint::step)
                .startsWith(0L, 1L)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(found).hasSizeGreaterThanOrEqualTo(2500);
    }

    @Test
    void theLatestIsTheGreatestByStepThenTimeThenValue() {
        store().append(ID, one("w", 0, 5, T0, 1));
        store().append(ID, one("w", 1, 2, T0 + 10, 9));
        store().append(ID, one("w", 2, 5, T0 + 1, 3));
        store().append(ID, one("w", 3, 5, T0 + 1, 2));
        store().append(ID, one("w", 4, 1, T0 + 2, Double.NaN));

        assertThat(summary("m").latest()).isEqualTo(point(5, T0 + 1, 3));
        if (promises(Capability.METRIC_RANGES)) {
            assertThat(summary("m").range()).isEqualTo(new MetricSummary.Range(1, 9, 5));
        } else {
            assertThat(summary("m").range()).isNull();
        }
    }

    @Test
    void aNumberCountsMoreThanNanOfTheSameMoment() {
        store().append(ID, batch("w", 0, "n", 0, -1));
        store().append(ID, batch("w", 1, "n", 0, Double.NaN));
        store().append(ID, batch("w", 2, "m", 0, Double.NaN));
        store().append(ID, batch("w", 3, "m", 0, -1));
        store().append(ID, batch("w", 4, "n", 1, Double.NaN));

        assertThat(summary("m").latest().value()).isEqualTo(-1);
        assertThat(summary("n").latest().value()).as("of a later step").isNaN();
        assertThat(history("m")).extracting(MetricPoint::value).containsExactly(-1.0, Double.NaN);
        List<MetricPoint> ofOneMoment = new ArrayList<>(List.of(point(1, T0, Double.NaN), point(1, T0, -1)));
        assertThat(Collections.max(ofOneMoment, MetricPoint.BY_STEP).value()).isEqualTo(-1);
    }

    @Test
    void aSummaryGoesOnOverManyChanges() {
        for (int i = 0; i < 5; i++) {
            store().append(ID, batch("w", 2L * i, "m", 2L * i, i, -i));
            assertThat(summary("m").latest().step()).isEqualTo(2L * i + 1);
        }

        if (promises(Capability.METRIC_RANGES)) {
            assertThat(summary("m").range()).isEqualTo(new MetricSummary.Range(-4, 4, 10));
        }
    }

    @Test
    void twoWritersOfOneRunLoseNothing() {
        race(4, racer -> {
            String writer = "writer-" + racer;
            for (int i = 0; i < 20; i++) {
                store().append(ID, batch(writer, i * 10L, "m", racer * 1000L + i * 10L, new double[10]));
                store().change(ID, List.of());
            }
            return racer;
        });

        List<MetricPoint> found = history("m");
        assertThat(found).hasSize(800);
        assertThat(new HashSet<>(found)).hasSize(800);
        if (promises(Capability.METRIC_RANGES)) {
            assertThat(summary("m").range()).isEqualTo(new MetricSummary.Range(0, 0, 800));
        }
    }

    @Test
    void unknownRunsAreNotFound() {
        RunId unknown = new RunId("unknown");

        assertThatThrownBy(() -> store().append(unknown, batch("w", 0, "m", 0, 1)))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> store().history(unknown, "m", PageRequest.first(1)))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void useAfterCloseIsABug() {
        backend().close();

        assertThatThrownBy(() -> store().append(ID, batch("w", 0, "m", 0, 1)))
                .isInstanceOf(IllegalStateException.class);
    }
}
