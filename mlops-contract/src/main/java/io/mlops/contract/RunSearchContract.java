package io.mlops.contract;

import static java.util.Objects.requireNonNull;
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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Tests what every {@link RunStore} must find, and how it comes in pages. */
abstract class RunSearchContract extends RunSearchSuite {
    private static RunChange finished() {
        return new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(60));
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
    void whoReadsAllFindsTheSameInTheSameOrder() {
        for (int i = 0; i < 40; i++) {
            make("run-" + i, i % 3 == 0 ? "other" : "churn", i % 5);
            if (i % 4 > 0) {
                metric("run-" + i, "auc", i % 7 == 0 ? Double.NaN : i % 9);
            }
            if (i % 6 == 0) {
                store().change(new RunId("run-" + i), List.of(finished(), new RunChange.Deleted(NOON)));
            }
        }
        for (Visibility visibility : Visibility.values()) {
            for (RunQuery query : List.of(
                    RunQuery.of(),
                    RunQuery.of("churn").orderBy("metrics.auc DESC").orderBy("run_name DESC"),
                    RunQuery.of("churn", "other").where("metrics.auc > 2").orderBy("metrics.auc"),
                    RunQuery.of().where("run_id LIKE '%7'"),
                    RunQuery.of().where("metrics.auc > 100"))) {
                List<RunInfo> all = new ArrayList<>();
                store().searchAll(query.visibility(visibility)).forEachRemaining(all::add);

                assertThat(all).isEqualTo(all(page -> store().search(query.visibility(visibility), page), 7));
            }
        }
        Iterator<RunInfo> none = store().searchAll(RunQuery.of("unknown"));
        assertThat(none.hasNext()).isFalse();
        assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> store().searchAll(RunQuery.of().where("speed > 1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 1");
    }

    @Test
    void theTagOfTheNameRenames() {
        make("a", "churn", 0);
        fact("a", new RunFact.Tagged("mlflow.runName", "deep forest"));

        assertThat(store().find(new RunId("a"))).hasValueSatisfying(run -> {
            assertThat(run.name()).isEqualTo("deep forest");
            assertThat(run.tags()).containsEntry("mlflow.runName", "deep forest");
        });
        assertThat(found(RunQuery.of().where("run_name = 'deep forest' AND tags.mlflow.runName = 'deep forest'")))
                .containsExactly("a");

        fact("a", new RunFact.Renamed("deeper forest"));
        assertThat(store().find(new RunId("a"))).hasValueSatisfying(run -> {
            assertThat(run.name()).isEqualTo("deeper forest");
            assertThat(run.tags()).containsEntry("mlflow.runName", "deeper forest");
        });

        fact("a", new RunFact.Untagged("mlflow.runName"));
        assertThat(store().find(new RunId("a"))).hasValueSatisfying(run -> {
            assertThat(run.name()).isEqualTo("deeper forest");
            assertThat(run.tags()).isEmpty();
        });
        store().create(new RunDraft(
                new RunId("b"),
                "churn",
                "b",
                NOON,
                null,
                Map.of("mlflow.runName", "tagged", "mlflow.parentRunId", "a")));
        assertThat(store().find(new RunId("b"))).hasValueSatisfying(run -> {
            assertThat(run.name()).isEqualTo("tagged");
            assertThat(run.parent()).isEqualTo(new RunId("a"));
        });
        assertThatThrownBy(() -> new RunFact.Tagged("mlflow.runName", "x".repeat(501)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name of the run");
    }

    @Test
    void theTagOfTheParentMovesTheRunThere() {
        List.of("a", "b", "c").forEach(id -> make(id, "churn", 0));
        fact("c", new RunFact.Tagged("mlflow.parentRunId", "a"));
        assertThat(found(RunQuery.childrenOf(new RunId("a")))).containsExactly("c");
        assertThat(store().find(new RunId("c")).orElseThrow().parent()).isEqualTo(new RunId("a"));

        fact("c", new RunFact.Tagged("mlflow.parentRunId", "b"));
        assertThat(found(RunQuery.childrenOf(new RunId("a")))).isEmpty();
        assertThat(found(RunQuery.childrenOf(new RunId("b")))).containsExactly("c");

        fact("c", new RunFact.Untagged("mlflow.parentRunId"));
        assertThat(found(RunQuery.childrenOf(new RunId("b")))).isEmpty();
        assertThat(store().find(new RunId("c")).orElseThrow().parent()).isNull();
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
        } else {
            assertThat(rest).extracting(run -> run.id().value()).endsWith("run-3", "run-2", "run-1", "run-0");
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
        } else {
            assertThat(second.items())
                    .extracting(run -> run.id().value())
                    .isSubsetOf("run-0", "run-2", "run-3", "run-4");
        }
    }

    @Test
    void aForeignTokenIsRefused() {
        make("a", "churn", 0);
        make("b", "churn", 0);
        RunQuery byName = RunQuery.of().orderBy("run_name");
        String ofAnother =
                requireNonNull(store().search(byName, PageRequest.first(1)).next(), "a token");
        for (String token : List.of("", "x", "LTAw", "////", "VAAAAAFhVAAAAAFi", "VGhpcyBpcyBub25l", ofAnother)) {
            assertThatThrownBy(() -> store().search(RunQuery.of(), new PageRequest(1, token)))
                    .as(token)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token");
        }
        String cut = ofAnother.substring(1);
        assertThatThrownBy(() -> store().search(byName, new PageRequest(1, cut)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
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
