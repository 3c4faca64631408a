package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests the order in which every {@link RunStore} gives the runs of a search. */
abstract class RunOrderContract extends RunSearchSuite {
    private void metrics(String id, String key, double... values) {
        long[] steps = LongStream.range(0, values.length).toArray();
        store().append(new RunId(id), MetricBatch.of("w", 0, key, steps, new long[values.length], values));
        store().change(new RunId(id), List.of());
    }

    @Test
    void byMetricWithMissingAndNanLast() {
        List.of("a", "b", "c", "d").forEach(id -> make(id, "churn", 0));
        metric("a", "val loss", 0.5);
        metric("b", "val loss", Double.NaN);
        metric("c", "val loss", Double.NEGATIVE_INFINITY);

        assertThat(found(RunQuery.of("churn").orderBy("metrics.`val loss`"))).containsExactly("c", "a", "b", "d");
        assertThat(found(RunQuery.of("churn").orderBy("metric.\"val loss\" desc")))
                .containsExactly("a", "c", "b", "d");
    }

    @Test
    void nanComesAfterNumbersAndBeforeWhatIsMissing() {
        List.of("a", "b", "c", "d", "e").forEach(id -> make(id, "churn", 0));
        metric("b", "auc", 0.5);
        metric("c", "auc", Double.NaN);
        metric("e", "auc", 0.1);

        assertThat(found(RunQuery.of("churn").orderBy("metrics.auc"))).containsExactly("e", "b", "c", "a", "d");
        assertThat(found(RunQuery.of("churn").orderBy("metrics.auc DESC"))).containsExactly("b", "e", "c", "a", "d");
    }

    @Test
    void bothZerosAreAtOnePlace() {
        make("a", "churn", 0);
        make("b", "churn", 1);
        make("c", "churn", 2);
        metric("a", "auc", 0.0);
        metric("b", "auc", -0.0);
        metric("c", "auc", 0.0);

        assertThat(found(RunQuery.of("churn").orderBy("metrics.auc"))).containsExactly("c", "b", "a");
        assertThat(found(RunQuery.of("churn").orderBy("metrics.auc DESC"))).containsExactly("c", "b", "a");
    }

    @Test
    void textIsOrderedByCodePoint() {
        List<String> texts =
                List.of("", "Z", "a", "a\ud7ffb", "a\uff5e", "a\ud83d\ude00", "ab", "abc", "abcd", "abcde");
        for (int i = 0; i < texts.size(); i++) {
            make("run-" + i, "churn", 0);
            fact("run-" + i, new RunFact.ParamSet("p", texts.get(i)));
        }
        List<String> sorted =
                List.of("run-0", "run-1", "run-2", "run-6", "run-7", "run-8", "run-9", "run-3", "run-4", "run-5");
        List<String> descending = new ArrayList<>(sorted);
        Collections.reverse(descending);

        assertThat(found(RunQuery.of("churn").orderBy("params.p"))).isEqualTo(sorted);
        assertThat(found(RunQuery.of("churn").orderBy("params.p DESC"))).isEqualTo(descending);
    }

    @Test
    void byTheGreatestAndTheLeastValueOfAMetric() {
        List.of("a", "b", "c", "d", "e").forEach(id -> make(id, "churn", 0));
        metrics("a", "test-auc", 0.1, 0.9, 0.5);
        metrics("b", "test-auc", 0.6);
        metrics("c", "test-auc", Double.NaN);
        metrics("d", "test-auc", -1, 0.7, Double.NaN);

        assertThat(found(RunQuery.of("churn").orderBy("metrics.`test-auc` DESC")))
                .containsExactly("b", "a", "c", "d", "e");
        assertThat(found(RunQuery.of("churn").orderByMetric("test-auc", MetricInfo.Direction.HIGHER_IS_BETTER)))
                .containsExactly("b", "a", "c", "d", "e");
        assertThat(found(RunQuery.of("churn").orderByMetric("test-auc", MetricInfo.Direction.LOWER_IS_BETTER)))
                .containsExactly("a", "b", "c", "d", "e");
        if (promises(Capability.METRIC_RANGES)) {
            assertThat(found(RunQuery.of("churn").orderBy("max(metrics.`test-auc`) DESC")))
                    .containsExactly("a", "d", "b", "c", "e");
            assertThat(found(RunQuery.of("churn").orderBy("MIN ( `metric`.'test-auc' ) asc")))
                    .containsExactly("d", "a", "b", "c", "e");
        } else {
            assertThat(found(RunQuery.of("churn").orderBy("max(metrics.`test-auc`) DESC")))
                    .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
        }
    }

    @Test
    void byParamTagAndAttribute() {
        make("a", "churn", 5);
        make("b", "churn", 4);
        make("c", "churn", 3);
        fact("a", new RunFact.ParamSet("depth", "2"));
        fact("b", new RunFact.ParamSet("depth", "10"));
        fact("c", new RunFact.Tagged("team.name", "growth"));
        store().change(new RunId("b"), List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(60))));

        assertThat(found(RunQuery.of("churn").orderBy("params.depth ASC"))).containsExactly("b", "a", "c");
        assertThat(found(RunQuery.of("churn").orderBy("tags.team.name"))).containsExactly("c", "a", "b");
        assertThat(found(RunQuery.of("churn").orderBy("attributes.start_time"))).containsExactly("c", "b", "a");
        assertThat(found(RunQuery.of("churn").orderBy("end_time DESC"))).containsExactly("b", "a", "c");
        assertThat(found(RunQuery.of("churn").orderBy("status"))).containsExactly("b", "a", "c");
        assertThat(found(RunQuery.of("churn").orderBy("run_name DESC"))).containsExactly("c", "b", "a");
    }

    @Test
    void tiesEndWithTheNewestThenTheId() {
        make("z", "churn", 1);
        make("y", "churn", 1);
        make("x", "churn", 9);
        List.of("x", "y", "z").forEach(id -> metric(id, "auc", 0.5));

        assertThat(found(RunQuery.of("churn").orderBy("metrics.auc DESC"))).containsExactly("x", "y", "z");
    }

    @Test
    void termsThatCannotBeReadAreRefusedWithThePosition() {
        assertRefused(RunQuery.of().orderBy("speed.auc"), "speed.auc", "position 1", "metrics.<key>");
        assertRefused(RunQuery.of().orderBy("metrics.auc SIDEWAYS"), "ASC, DESC", "position 13", "SIDEWAYS");
        assertRefused(RunQuery.of().orderBy("metrics.val-loss"), "position 12", "backticks");
        assertRefused(RunQuery.of().orderBy("dataset.name"), "once");
        assertRefused(RunQuery.of().orderBy(" "), "position 2", "the end");
        assertRefused(RunQuery.of().orderBy("max(params.depth)"), "max of metrics", "position 5", "params");
        assertRefused(RunQuery.of().orderBy("max(metrics.auc DESC"), ")", "position 17", "DESC");
        assertRefused(RunQuery.of().orderBy("mean(metrics.auc)"), "metrics.<key>", "position 1", "mean");
        assertThatThrownBy(() -> RunQuery.of().orderByMetric("auc", MetricInfo.Direction.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("auc", "direction");
    }

    private void assertRefused(RunQuery query, String... parts) {
        assertThatThrownBy(() -> store().search(query, PageRequest.first(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }
}
