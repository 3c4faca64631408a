package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Limits;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what every {@link RunStore} must do with runs; {@link MetricStoreContract} has their points. */
abstract class RunStoreContract extends StoreSuite {
    private static final RunId ID = new RunId("run-1");

    private RunStore store() {
        return backend().runs();
    }

    private static RunDraft draft(String id, String experiment) {
        return new RunDraft(new RunId(id), experiment, id, NOON, null, Map.of());
    }

    private RunInfo make() {
        return store().create(draft("run-1", "churn"));
    }

    private RunInfo get() {
        return store().find(ID).orElseThrow();
    }

    private static RunChange ended(RunOutcome outcome) {
        return new RunChange.Ended(outcome, NOON.plusSeconds(60));
    }

    @Test
    void aRunThatIsNotThereIsToldWithWhatIsNear() {
        store().create(draft("run-1", "churn"));

        assertThat(store().get(new RunId("run-1")).id().value()).isEqualTo("run-1");
        assertThatThrownBy(() -> store().get(new RunId("run-2")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("run-2", backend().info().name(), "only run-1");
        assertThatThrownBy(() -> store().change(new RunId("run-2"), List.of()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("run-2", backend().info().name(), "only run-1");
    }

    @Test
    void aRunIsWhatItsDraftSaid() {
        RunDraft draft = new RunDraft(
                ID, "churn", "deep forest", NOON.plusNanos(456), new RunId("sweep"), Map.of("team", "growth"));

        RunInfo made = store().create(draft);

        assertThat(made.id()).isEqualTo(ID);
        assertThat(made.experiment()).isEqualTo("churn");
        assertThat(made.name()).isEqualTo("deep forest");
        assertThat(made.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(made.started()).isEqualTo(NOON);
        assertThat(made.ended()).isNull();
        assertThat(made.outcome()).isNull();
        assertThat(made.parent()).isEqualTo(new RunId("sweep"));
        assertThat(made.tags()).containsEntry("team", "growth");
        assertThat(made.storeId()).isNotEmpty();
        assertThat(get()).isEqualTo(made);
    }

    @Test
    void creatingARunMakesItsExperiment() {
        make();

        assertThat(backend().experiments().find("churn"))
                .hasValueSatisfying(
                        experiment -> assertThat(experiment.created()).isEqualTo(NOON));
    }

    @Test
    void creatingTwiceIsCreatingOnce() {
        RunInfo made = make();

        RunInfo again = store().create(new RunDraft(ID, "churn", "another name", NOON.plusSeconds(5), null, Map.of()));

        assertThat(again).isEqualTo(made);
    }

    @Test
    void anIdThatWasDrawnForItsDraftMakesARunWhoseSecondTryFindsIt() {
        RunDraft drawn = new RunDraft(ID, "churn", "first", NOON, null, Map.of(), true);
        RunInfo made = store().create(drawn);
        assertThat(store().create(drawn.triedBefore())).isEqualTo(made).isEqualTo(get());
    }

    @Test
    void ofManyAtOnceOneMakesIt() {
        List<RunInfo> got =
                race(8, racer -> store().create(new RunDraft(ID, "churn", "by " + racer, NOON, null, Map.of())));

        assertThat(new HashSet<>(got)).hasSize(1);
    }

    @Test
    void runIdsThatDifferInCaseAreTwoRuns() {
        store().create(draft("job-1", "churn"));
        store().create(draft("JOB-1", "churn"));

        assertThat(store().find(new RunId("job-1")))
                .hasValueSatisfying(run -> assertThat(run.name()).isEqualTo("job-1"));
        assertThat(store().find(new RunId("JOB-1")))
                .hasValueSatisfying(run -> assertThat(run.name()).isEqualTo("JOB-1"));
    }

    @Test
    void experimentsOfAnyNameHoldRuns() {
        for (int i = 0; i < ODD_NAMES.size(); i++) {
            store().create(draft("run-" + i, ODD_NAMES.get(i)));
        }

        for (int i = 0; i < ODD_NAMES.size(); i++) {
            assertThat(store().find(new RunId("run-" + i)).orElseThrow().experiment())
                    .isEqualTo(ODD_NAMES.get(i));
        }
    }

    @Test
    void unknownRunsAreNotFound() {
        assertThat(store().find(ID)).isEmpty();
        assertThatThrownBy(() -> store().change(ID, List.of()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("run-1");
    }

    @Test
    void factsAreKept() {
        make();
        RunInput external = RunInput.of(
                DataReference.external("rows", Digest.parse("md5:0123456789abcdef"), "s3://bucket/rows"), "training");
        RunInput catalogued = new RunInput(
                "customers", Digest.sha256(new byte[32]), new DatasetVersionId("customers", 3), "file:x", "test");

        store().change(
                        ID,
                        List.of(
                                new RunFact.ParamSet("trees", "200"),
                                new RunFact.ParamSet("größe/rate", ""),
                                new RunFact.Tagged("team", "growth"),
                                new RunFact.Tagged("team", "growth 😀\nsecond line"),
                                new RunFact.Tagged("gone", "x"),
                                new RunFact.Untagged("gone"),
                                new RunFact.Untagged("never there"),
                                new RunFact.Renamed("deep forest"),
                                new RunFact.Used(external),
                                new RunFact.Used(catalogued),
                                new RunFact.Produced(new ModelVersionId("churn", 7))));

        RunInfo run = get();
        assertThat(run.params()).isEqualTo(Map.of("trees", "200", "größe/rate", ""));
        assertThat(run.tags()).isEqualTo(Map.of("team", "growth 😀\nsecond line"));
        assertThat(run.name()).isEqualTo("deep forest");
        assertThat(run.inputs()).containsExactly(external, catalogued);
        assertThat(run.outputs()).containsExactly(new ModelVersionId("churn", 7));
    }

    @Test
    void modelsAndDatasetsOfAnyNameAreKept() {
        make();
        List<RunChange> facts = new ArrayList<>();
        for (String name : ODD_NAMES) {
            facts.add(new RunFact.Produced(new ModelVersionId(name, 7)));
            facts.add(new RunFact.Used(new RunInput(
                    name, Digest.sha256(new byte[32]), new DatasetVersionId(name, 3), "file:x", "training")));
        }

        store().change(ID, facts);

        RunInfo run = get();
        assertThat(run.outputs()).extracting(ModelVersionId::model).containsExactlyElementsOf(ODD_NAMES);
        assertThat(run.inputs())
                .extracting(RunInput::version)
                .containsExactlyElementsOf(ODD_NAMES.stream()
                        .map(name -> new DatasetVersionId(name, 3))
                        .toList());
        assertThat(store().search(RunQuery.of("churn"), PageRequest.first(10)).items())
                .containsExactly(run);
    }

    @Test
    void applyingChangesTwiceIsApplyingThemOnce() {
        make();
        List<RunChange> changes = List.of(
                new RunFact.ParamSet("trees", "200"),
                new RunFact.Tagged("team", "growth"),
                new RunFact.Used(RunInput.of(DataReference.external("rows", Digest.parse("md5:00"), "x"), "training")),
                new RunFact.Produced(new ModelVersionId("churn", 7)),
                ended(new RunOutcome.Finished()));
        store().change(ID, changes);
        RunInfo once = get();

        store().change(ID, changes);

        assertThat(get()).isEqualTo(once);
    }

    @Test
    void aParamIsWrittenOnceAndAConflictChangesNothing() {
        make();
        store().change(ID, List.of(new RunFact.ParamSet("trees", "200")));
        RunInfo before = get();

        assertThatThrownBy(() -> store().change(
                                ID,
                                List.of(new RunFact.Tagged("team", "growth"), new RunFact.ParamSet("trees", "300"))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("trees", "200", "300", "run-1");
        assertThat(get()).isEqualTo(before);
    }

    @Test
    void aRunEndsOnce() {
        make();
        store().change(ID, List.of(ended(new RunOutcome.Failed("java.io.IOException", "no such file"))));

        assertThatThrownBy(() -> store().change(ID, List.of(ended(new RunOutcome.Finished()))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("FAILED", "FINISHED");
        RunInfo run = get();
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.outcome()).isEqualTo(new RunOutcome.Failed("java.io.IOException", "no such file"));
        assertThat(run.ended()).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void endedRunsStillTakeTags() {
        make();
        store().change(ID, List.of(ended(new RunOutcome.Killed("SIGTERM"))));

        store().change(ID, List.of(new RunFact.Tagged("seen", "yes")));

        assertThat(get().tags()).containsEntry("seen", "yes");
        assertThat(get().outcome()).isEqualTo(new RunOutcome.Killed("SIGTERM"));
    }

    @Test
    void failedAndKilledRunsGoOnAndFinishedOnesDoNot() {
        make();
        store().change(ID, List.of(ended(new RunOutcome.Killed("SIGTERM"))));
        store().change(ID, List.of(new RunChange.Resumed(NOON.plus(Duration.ofHours(1)))));

        assertThat(get().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(get().ended()).isNull();
        assertThat(get().outcome()).isNull();
        store().change(ID, List.of(ended(new RunOutcome.Finished())));
        assertThatThrownBy(() -> store().change(ID, List.of(new RunChange.Resumed(NOON))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("finished");
    }

    @Test
    void nothingIsLostWhenManyChangeOneRun() {
        make();

        race(8, racer -> {
            for (int i = 0; i < 10; i++) {
                store().change(ID, List.of(new RunFact.ParamSet("p-" + racer + "-" + i, "" + i)));
            }
            return racer;
        });

        assertThat(get().params()).hasSize(80);
    }

    @Test
    void aThousandParamsAreKept() {
        make();
        List<RunChange> params = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            params.add(new RunFact.ParamSet("p" + i, "v".repeat(i)));
        }

        store().change(ID, params);

        assertThat(get().params()).hasSize(1000).containsEntry("p999", "v".repeat(999));
    }

    @Test
    void aRunTakesSoMuchAndNoMore() {
        make();
        List<RunChange> most = new ArrayList<>();
        for (int i = 0; i < Limits.PARAMS; i++) {
            most.add(new RunFact.ParamSet("p" + i, ""));
        }
        List<RunChange> more = new ArrayList<>(most);
        more.add(new RunFact.ParamSet("one-more", ""));

        assertThatThrownBy(() -> store().change(ID, more))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run-1", "10000 params", "one-more");
        assertThat(get().params()).isEmpty();
        store().change(ID, most);
        store().change(ID, most);
        assertThatThrownBy(() -> store().change(ID, List.of(new RunFact.ParamSet("one-more", ""))))
                .isInstanceOf(ConflictException.class);
        store().change(ID, List.of(new RunFact.Tagged("team", "growth"), ended(new RunOutcome.Finished())));
        assertThat(get().params()).hasSize(Limits.PARAMS);
    }

    @Test
    void aRunBeginsWithSoManyTagsAndNoMore() {
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < Limits.TAGS; i++) {
            most.put("tag-" + i, "x");
        }
        // The tags of its environment take no room.
        most.put(RunEnvironment.USER_TAG, "anna");
        assertThat(store().create(new RunDraft(ID, "churn", "full", NOON, null, most))
                        .tags())
                .isEqualTo(most);

        most.put("one-more", "x");
        RunId other = new RunId("run-2");
        assertThatThrownBy(() -> store().create(new RunDraft(other, "churn", "too much", NOON, null, most)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(Integer.toString(Limits.TAGS), "artifact");
        assertThatThrownBy(() -> store().create(new RunDraft(other, "churn", "odd", NOON, null, Map.of("a:b", "x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a:b");
        assertThat(store().find(other)).isEmpty();
    }

    @Test
    void tokensOfOtherListingsAreRefused() {
        make();
        store().append(ID, MetricBatch.of("w1", 0, "loss", new long[] {0}, new long[] {0}, new double[] {1}));

        for (String token : List.of("x", "", "1 2", "1 2 x", "a@b", "%", "😀")) {
            PageRequest page = new PageRequest(10, token);
            assertThatThrownBy(() -> store().search(RunQuery.of(), page))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token");
            assertThatThrownBy(() -> store().history(ID, "loss", page))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token");
        }
        PageRequest most = PageRequest.first(Integer.MAX_VALUE);
        assertThat(store().history(ID, "loss", most).items()).hasSize(1);
        assertThat(store().search(RunQuery.of(), most).items()).hasSize(1);
    }

    @Test
    void aTimeThatIsFarOutIsKeptAsTheNearestYear() {
        Map<String, Instant> times = Map.of("late", Instant.MAX, "early", Instant.MIN);
        Map<String, String> kept = Map.of("late", "9999-12-31T23:59:59.999Z", "early", "0000-01-01T00:00:00Z");

        times.forEach((id, time) -> {
            store().create(new RunDraft(new RunId(id), "churn", "x", time, null, Map.of()));
            store().change(new RunId(id), List.of(new RunChange.Ended(new RunOutcome.Finished(), time)));
        });

        kept.forEach((id, time) -> {
            RunInfo run = store().find(new RunId(id)).orElseThrow();
            assertThat(run.started()).isEqualTo(time);
            assertThat(run.ended()).isEqualTo(time);
        });
        assertThat(store().search(RunQuery.of("churn"), PageRequest.first(10)).items())
                .extracting(RunInfo::id)
                .containsExactly(new RunId("late"), new RunId("early"));
    }

    @Test
    void useAfterCloseIsABug() {
        make();
        backend().close();

        assertThatThrownBy(() -> store().find(ID)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store().create(draft("run-2", "churn"))).isInstanceOf(IllegalStateException.class);
    }
}
