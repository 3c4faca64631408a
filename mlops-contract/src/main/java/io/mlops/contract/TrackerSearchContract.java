package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests how programs find runs by a {@link Tracker}, whatever keeps them. */
abstract class TrackerSearchContract extends ProgramSuite {
    private RunId measured(String key, double... values) {
        return tracker().run("churn", run -> {
            for (double value : values) {
                run.metric(key, value);
            }
        });
    }

    private static List<RunId> ids(Iterable<RunInfo> runs) {
        List<RunId> ids = new ArrayList<>();
        runs.forEach(run -> ids.add(run.id()));
        return ids;
    }

    @Test
    void theBestRunIsThatOfTheBetterDirection() {
        RunId low = measured("test-auc", 0.95, 0.5);
        RunId high = measured("test-auc", 0.9);
        measured("test-auc", Double.NaN);
        measured("loss", Double.NaN);
        tracker().experiments().describe("churn", MetricInfo.of("test-auc").higherIsBetter());
        tracker().experiments().describe("churn", MetricInfo.of("loss").lowerIsBetter());

        assertThat(tracker().best("churn", "test-auc"))
                .hasValueSatisfying(best -> assertThat(best.id()).isEqualTo(high));
        assertThat(tracker().best("churn", "loss")).as("none has a number").isEmpty();

        tracker().experiments().describe("churn", MetricInfo.of("test-auc").lowerIsBetter());
        assertThat(tracker().best("churn", "test-auc"))
                .hasValueSatisfying(best -> assertThat(best.id()).isEqualTo(low));
        assertThat(Tracker.noop().best("churn", "test-auc")).isEmpty();
    }

    @Test
    void thereIsNoBestRunWithoutADirection() {
        measured("auc", 0.9);

        assertThatThrownBy(() -> tracker().best("churn", "auc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("churn", "auc", "describe");
        assertThatThrownBy(() -> tracker().best("chrun", "auc"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("chrun");
    }

    @Test
    void theChildrenOfARunAreFoundByItsId() {
        Run sweep = tracker().start(RunSpec.of("churn"));
        RunId one = sweep.child("trees 100", run -> {});
        RunId other = tracker()
                .run(RunSpec.of("churn").tag("mlflow.parentRunId", sweep.id().value()), run -> {});
        sweep.complete();

        assertThat(ids(tracker().search(RunQuery.childrenOf(sweep.id())))).containsExactlyInAnyOrder(one, other);
        assertThat(ids(tracker().search(RunQuery.childrenOf(sweep.id()).where("tags.mlflow.runName = 'trees 100'"))))
                .containsExactly(one);
        assertThat(tracker().get(other).parent()).isEqualTo(sweep.id());
        assertThat(tracker().get(one).tags())
                .containsEntry("mlflow.parentRunId", sweep.id().value())
                .containsEntry("mlflow.runName", "trees 100");
    }

    @Test
    void theLastNameOfARunCounts() {
        RunId id = tracker().run(RunSpec.of("churn").name("first"), run -> {
            run.rename("second");
            run.tag("mlflow.runName", "third");
            run.rename("fourth");
            run.tag("mlflow.runName", "fifth");
        });

        assertThat(tracker().get(id).name()).isEqualTo("fifth");
        assertThat(ids(tracker().search(RunQuery.of().where("run_name = 'fifth'"))))
                .containsExactly(id);
    }

    @Test
    void aListingIsReadWholeInPartsAndAgain() {
        for (int i = 0; i < 25; i++) {
            measured("auc", i % 10);
        }
        Listing<RunInfo> found = tracker().search(RunQuery.of("churn").orderBy("metrics.auc DESC"));
        List<RunId> whole = ids(found);

        assertThat(whole).hasSize(25).doesNotHaveDuplicates();
        assertThat(ids(found.first(25))).isEqualTo(whole);
        assertThat(ids(found.first(20_000))).isEqualTo(whole);
        assertThat(ids(found.stream().limit(7).toList())).isEqualTo(whole.subList(0, 7));
        RunId best = tracker().run("churn", run -> run.metric("auc", 10));
        assertThat(ids(found)).as("asked anew").hasSize(26).first().isEqualTo(best);
    }
}
