package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what every {@link RunStore} must find, and in which order. */
abstract class RunSearchContract extends StoreSuite {
    private RunStore store() {
        return backend().runs();
    }

    private void make(String id, String experiment, int startedAfter) {
        store().create(new RunDraft(
                new RunId(id), experiment, "name of " + id, NOON.plusSeconds(startedAfter), null, Map.of()));
    }

    private void metric(String id, String key, double value) {
        store().append(new RunId(id), MetricBatch.of("w", 0, key, new long[1], new long[1], new double[] {value}));
        store().change(new RunId(id), List.of());
    }

    private void fact(String id, RunFact fact) {
        store().change(new RunId(id), List.of(fact));
    }

    private List<String> found(RunQuery query) {
        return all(page -> store().search(query, page), 2).stream()
                .map(run -> run.id().value())
                .toList();
    }

    @Test
    void runsOfTheNamedExperimentsNewestFirst() {
        make("a", "churn", 0);
        make("b", "churn", 2);
        make("c", "other", 1);
        make("d", "third", 3);

        assertThat(found(RunQuery.of("churn"))).containsExactly("b", "a");
        assertThat(found(RunQuery.of("churn", "other"))).containsExactly("b", "c", "a");
        assertThat(found(RunQuery.of())).containsExactly("d", "b", "c", "a");
        assertThat(found(RunQuery.of("unknown"))).isEmpty();
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
    }

    private void assertRefused(RunQuery query, String... parts) {
        assertThatThrownBy(() -> store().search(query, PageRequest.first(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void pagesNeitherSkipNorRepeatWhileRunsAreAdded() {
        for (int i = 0; i < 6; i++) {
            make("run-" + i, "churn", i);
        }
        RunQuery query = RunQuery.of("churn");
        Page<RunInfo> first = store().search(query, PageRequest.first(2));
        make("run-9", "churn", 9);

        List<RunInfo> rest =
                all(page -> store().search(query, page.token() == null ? new PageRequest(2, first.next()) : page), 2);

        assertThat(first.items()).extracting(run -> run.id().value()).containsExactly("run-5", "run-4");
        if (promises(Capability.STABLE_PAGES)) {
            assertThat(rest).extracting(run -> run.id().value()).containsExactly("run-3", "run-2", "run-1", "run-0");
        }
    }

    @Test
    void pagingGoesOnThoughTheLastRunOfAPageChangesOrIsDeleted() {
        for (int i = 0; i < 5; i++) {
            make("run-" + i, "churn", i);
            metric("run-" + i, "auc", i);
            store().change(new RunId("run-" + i), List.of(finished()));
        }
        RunQuery query = RunQuery.of("churn").orderBy("metrics.auc");
        Page<RunInfo> first = store().search(query, PageRequest.first(2));
        store().change(new RunId("run-1"), List.of(new RunChange.Deleted(NOON)));
        store().append(new RunId("run-0"), MetricBatch.of("w2", 0, "auc", new long[] {1}, new long[1], new double[] {99
        }));
        store().change(new RunId("run-0"), List.of());

        Page<RunInfo> second = store().search(query, new PageRequest(3, first.next()));

        assertThat(first.items()).extracting(run -> run.id().value()).containsExactly("run-0", "run-1");
        if (promises(Capability.STABLE_PAGES)) {
            assertThat(second.items()).extracting(run -> run.id().value()).containsExactly("run-2", "run-3", "run-4");
        }
    }

    @Test
    void aForeignTokenIsRefused() {
        for (String token : List.of("", "x", "LTAw", "////", "VAAAAAFhVAAAAAFi")) {
            assertThatThrownBy(() -> store().search(RunQuery.of(), new PageRequest(1, token)))
                    .as(token)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token");
        }
    }

    private static RunChange finished() {
        return new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(60));
    }

    @Test
    void aDeletedRunIsHiddenUntilItIsRestored() {
        make("a", "churn", 0);
        make("b", "churn", 1);
        RunId a = new RunId("a");
        assertThatThrownBy(() -> store().change(a, List.of(new RunChange.Deleted(NOON))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run a", "running", "end it first");
        metric("a", "auc", 0.5);
        store().change(a, List.of(finished(), new RunChange.Deleted(NOON)));
        store().change(a, List.of(new RunChange.Deleted(NOON.plusSeconds(1))));

        assertThat(found(RunQuery.of("churn"))).containsExactly("b");
        assertThat(found(RunQuery.of().visibility(Visibility.DELETED))).containsExactly("a");
        assertThat(found(RunQuery.of("churn").visibility(Visibility.ALL))).containsExactly("b", "a");
        assertThat(store().find(a).orElseThrow().deleted()).isTrue();
        assertThat(store().history(a, "auc", PageRequest.first(9)).items()).hasSize(1);
        assertThatThrownBy(() -> store().change(a, List.of(new RunFact.Tagged("x", "y"))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run a", "deleted", "restore it first");
        assertThat(store().create(new RunDraft(a, "churn", "again", NOON, null, Map.of()))
                        .deleted())
                .as("its id stays taken")
                .isTrue();

        store().change(a, List.of(new RunChange.Restored()));
        store().change(a, List.of(new RunChange.Restored()));
        assertThat(found(RunQuery.of("churn"))).containsExactly("b", "a");
        assertThat(store().find(a).orElseThrow().metric("auc")).isEqualTo(0.5);
        fact("a", new RunFact.Tagged("x", "y"));
    }

    @Test
    void aRunThatMadeAModelVersionStays() {
        make("a", "churn", 0);
        RunId a = new RunId("a");
        store().change(a, List.of(new RunFact.Produced(new ModelVersionId("income", 1)), finished()));

        assertThatThrownBy(() -> store().change(a, List.of(new RunChange.Deleted(NOON))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("income/1");
        assertThat(found(RunQuery.of())).containsExactly("a");
    }
}
