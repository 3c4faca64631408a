package io.mlops.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.SyncReport;
import io.mlops.api.registry.Model;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.contract.SampleStore;
import io.mlops.contract.StoreContents;
import io.mlops.core.memory.MemoryBackend;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a store is copied whole, once, and without doing harm to what the other one has. */
final class StoreCopyTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private final MemoryBackend source = new MemoryBackend();
    private final MemoryBackend target = new MemoryBackend();

    @BeforeEach
    void fill() {
        SampleStore.fill(source);
    }

    private static SyncReport copy(Backend from, Backend to) {
        return new StoreCopy(from, to, InstantSource.fixed(NOW), Progress.none()).run();
    }

    @Test
    void aCopyHasEverything() {
        SyncReport report = copy(source, target);

        assertThat(StoreContents.of(target)).isEqualTo(StoreContents.of(source));
        assertThat(report.conflicts()).isEmpty();
        assertThat(report.experiments()).isEqualTo(new SyncReport.Count(4, 0));
        assertThat(report.runs()).isEqualTo(new SyncReport.Count(7, 0));
        assertThat(report.points()).isEqualTo(1233);
        assertThat(report.artifacts()).isEqualTo(3);
        assertThat(report.versions()).isEqualTo(new SyncReport.Count(4, 0));
        assertThat(report.aliases()).isEqualTo(new SyncReport.Count(3, 0));
        assertThat(report.toString()).contains("runs: 7 copied", "1233 points");
    }

    @Test
    void summariesCountNoPointTwice() {
        copy(source, target);

        assertThat(target.runs().get(SampleStore.WHOLE).metrics())
                .isEqualTo(source.runs().get(SampleStore.WHOLE).metrics());
    }

    @Test
    void aSecondCopyChangesNothing() {
        copy(source, target);
        var before = StoreContents.of(target);
        Interruption counting = Interruption.never();

        SyncReport again = copy(source, counting.to(target));

        assertThat(again.isUnchanged()).isTrue();
        assertThat(again.runs()).isEqualTo(new SyncReport.Count(0, 7));
        assertThat(again.versions()).isEqualTo(new SyncReport.Count(0, 4));
        assertThat(again.numbers()).hasSize(2);
        assertThat(StoreContents.of(target)).isEqualTo(before);
        // Only the run that still runs may cost calls of its own.
        assertThat(counting.calls()).doesNotContain("create", "change", "put", "move", "ensure");
    }

    @Test
    void thereAndBackIsNothingNew() {
        copy(source, target);
        var before = StoreContents.of(source);

        SyncReport back = copy(target, source);

        assertThat(back.isUnchanged()).isTrue();
        assertThat(StoreContents.of(source)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Interruption.Fate.class)
    void aCopyThatBrokeOffAtAnyCallGoesOn(Interruption.Fate fate) {
        Interruption counting = Interruption.never();
        copy(source, counting.to(new MemoryBackend()));
        var whole = StoreContents.of(source);
        for (int calls = 0; calls < counting.calls().size(); calls++) {
            MemoryBackend other = new MemoryBackend();
            Backend broken = new Interruption(calls, fate).to(other);
            assertThatThrownBy(() -> copy(source, broken)).isInstanceOf(BackendUnavailableException.class);

            SyncReport report = copy(source, other);

            assertThat(report.conflicts()).as("after %s calls", calls).isEmpty();
            assertThat(StoreContents.of(other)).as("after %s calls", calls).isEqualTo(whole);
            assertThat(other.runs().get(SampleStore.WHOLE).metrics())
                    .isEqualTo(source.runs().get(SampleStore.WHOLE).metrics());
        }
    }

    @Test
    void aSourceThatBreaksOffAtAnyCallIsReadAgain() {
        Interruption counting = Interruption.never();
        copy(counting.to(source), new MemoryBackend());
        var whole = StoreContents.of(source);
        for (int calls = 0; calls < counting.calls().size(); calls++) {
            MemoryBackend other = new MemoryBackend();
            Backend broken = new Interruption(calls, Interruption.Fate.NEVER_SENT).to(source);
            assertThatThrownBy(() -> copy(broken, other)).isInstanceOf(BackendUnavailableException.class);

            copy(source, other);

            assertThat(StoreContents.of(other)).as("after %s calls", calls).isEqualTo(whole);
        }
    }

    @Test
    void oneFaultAfterTheOtherDoesNoHarm() {
        var whole = StoreContents.of(source);
        boolean isDone = false;
        for (int calls = 1; !isDone; calls += 3) {
            Backend broken = new Interruption(calls, Interruption.Fate.ANSWER_LOST).to(target);
            try {
                copy(source, broken);
                isDone = true;
            } catch (BackendUnavailableException e) {
                // The next try comes a little further.
            }
        }

        assertThat(StoreContents.of(target)).isEqualTo(whole);
    }

    @Test
    void theStoreIsUnavailableWhileItIsDown() {
        target.faults().down();

        assertThatThrownBy(() -> copy(source, target)).isInstanceOf(BackendUnavailableException.class);

        target.faults().up();
        assertThat(StoreContents.of(target)).isEmpty();
    }

    @Test
    void versionsGetTheNextNumbersAndRunsNameThose() {
        register(target, "churn-model", "theirs");

        SyncReport report = copy(source, target);

        assertThat(report.numbers().get("churn-model")).isEqualTo(new TreeMap<>(Map.of(1, 2, 2, 3, 3, 4)));
        assertThat(report.numberOf(new ModelVersionId("churn-model", 2)))
                .contains(new ModelVersionId("churn-model", 3));
        assertThat(report.toString()).contains("churn-model/1 is churn-model/2 there");
        assertThat(target.models()
                        .find(new ModelVersionId("churn-model", 3))
                        .orElseThrow()
                        .parent())
                .isEqualTo(2);
        assertThat(target.runs().get(SampleStore.WHOLE).outputs())
                .containsExactly(new ModelVersionId("churn-model", 2), new ModelVersionId("churn-model", 3));
        assertThat(model(target).aliases()).isEqualTo(Map.of("challenger", 4, "champion", 3));
        SyncReport again = copy(source, target);
        assertThat(again.isUnchanged()).isTrue();
        assertThat(again.numbers()).isEqualTo(report.numbers());
    }

    private static Model model(Backend backend) {
        return backend.models().find("churn-model").orElseThrow();
    }

    private static ModelVersionId register(Backend backend, String model, String content) {
        return backend.models()
                .create(new ModelDraft(
                        content,
                        model,
                        new TreeMap<>(Map.of(RelativePath.of("m.bin"), Content.text(content))),
                        null,
                        List.of(),
                        null,
                        null,
                        "",
                        Map.of(),
                        "bob",
                        NOW))
                .id();
    }

    @Test
    void storesOfOneNameDoNotTakeEachOthersVersions() {
        MemoryBackend third = new MemoryBackend();
        register(third, "churn-model", "third");
        copy(source, target);

        SyncReport report = copy(third, target);

        assertThat(report.conflicts()).isEmpty();
        assertThat(report.numbers().get("churn-model")).isEqualTo(new TreeMap<>(Map.of(1, 4)));
    }

    @Test
    void whatComesLaterIsBroughtAlone() {
        copy(source, target);
        source.runs()
                .change(
                        SampleStore.RUNNING,
                        List.of(
                                new RunFact.Tagged("late", "yes"),
                                new RunChange.Ended(new RunOutcome.Finished(), NOW)));
        ModelVersionId fourth = register(source, "churn-model", "fourth");
        source.models().move(AliasMove.of("churn-model@champion", fourth), "eve", NOW);

        SyncReport report = copy(source, target);

        assertThat(StoreContents.of(target)).isEqualTo(StoreContents.of(source));
        assertThat(report.runs()).isEqualTo(new SyncReport.Count(1, 6));
        assertThat(report.versions()).isEqualTo(new SyncReport.Count(1, 4));
        assertThat(report.aliases()).isEqualTo(new SyncReport.Count(1, 2));
    }

    @Test
    void anAliasThatWasMovedThereStays() {
        copy(source, target);
        target.models().move(AliasMove.of("churn-model@champion", 1), "bob", NOW);
        target.models().move(AliasMove.remove("churn-model@challenger"), "bob", NOW);
        source.models().move(AliasMove.of("churn-model@champion", 3), "eve", NOW);

        SyncReport report = copy(source, target);

        assertThat(model(target).aliases()).isEqualTo(Map.of("champion", 1));
        assertThat(report.conflicts())
                .extracting(SyncReport.Conflict::of)
                .containsExactlyInAnyOrder("alias churn-model@challenger", "alias churn-model@champion");
        assertThat(report.toString()).contains("left as it is: alias churn-model@champion: it was moved there");
    }

    @Test
    void anAliasThatIsTakenAwayHereGoesThere() {
        copy(source, target);
        target.models().move(AliasMove.of("churn-model@theirs", 1), "bob", NOW);
        source.models().move(AliasMove.remove("churn-model@challenger"), "eve", NOW);

        copy(source, target);

        assertThat(model(target).aliases()).isEqualTo(Map.of("champion", 2, "theirs", 1));
    }

    @Test
    void whatTheTargetHasOtherwiseIsToldAndTheRestArrives() {
        RunInfo whole = source.runs().get(SampleStore.WHOLE);
        var unused = target.runs()
                .create(new RunDraft(whole.id(), whole.experiment(), whole.name(), whole.started(), null, Map.of()));
        target.runs()
                .change(
                        whole.id(),
                        List.of(
                                new RunFact.ParamSet("trees", "7"),
                                new RunChange.Ended(new RunOutcome.Killed("by hand"), NOW)));

        SyncReport report = copy(source, target);

        RunInfo there = target.runs().get(whole.id());
        assertThat(there.params()).isEqualTo(Map.of("trees", "7", "größe", "0.1"));
        assertThat(there.status()).isEqualTo(RunStatus.KILLED);
        assertThat(there.tags()).isEqualTo(whole.tags());
        assertThat(there.inputs()).isEqualTo(whole.inputs());
        assertThat(there.metrics()).isEqualTo(whole.metrics());
        assertThat(report.conflicts())
                .extracting(SyncReport.Conflict::toString)
                .anyMatch(text -> text.contains("param 'trees' is '200' here and '7' there"))
                .anyMatch(text -> text.contains("it is FINISHED since") && text.contains("KILLED since"))
                .anyMatch(text -> text.contains("it is part of run sweep here and of no run there"))
                .hasSize(3);
        SyncReport again = copy(source, target);
        assertThat(again.isUnchanged()).isTrue();
        assertThat(again.conflicts()).isEqualTo(report.conflicts());
    }

    @Test
    void aRunThatIsDeletedThereStaysDeleted() {
        copy(source, target);
        target.runs().change(SampleStore.PARENT, List.of(new RunChange.Deleted(NOW)));

        SyncReport report = copy(source, target);

        assertThat(target.runs().get(SampleStore.PARENT).deleted()).isTrue();
        assertThat(report.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.toString()).contains("run sweep", "deleted there"));
    }

    @Test
    void anotherRunOfOneIdIsLeftAlone() {
        var unused = target.runs().create(new RunDraft(SampleStore.PARENT, "churn", "theirs", NOW, null, Map.of()));

        SyncReport report = copy(source, target);

        assertThat(target.runs().get(SampleStore.PARENT).name()).isEqualTo("theirs");
        assertThat(target.runs().get(SampleStore.PARENT).status()).isEqualTo(RunStatus.RUNNING);
        assertThat(report.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.toString()).contains("another one of this id"));
        assertThat(report.runs().copied()).isEqualTo(6);
    }

    @Test
    void tagsThatWereSetThereStay() {
        copy(source, target);
        target.runs().change(SampleStore.WHOLE, List.of(new RunFact.Tagged("team", "risk")));
        target.experiments().change("churn", new ExperimentChange.Tagged("team", "risk"), NOW);

        SyncReport report = copy(source, target);

        assertThat(target.runs().get(SampleStore.WHOLE).tags()).containsEntry("team", "risk");
        assertThat(target.experiments().find("churn").orElseThrow().tags()).containsEntry("team", "risk");
        assertThat(report.conflicts()).hasSize(2);
    }

    @Test
    void anExperimentThatIsDeletedThereTakesNothing() {
        var unused = target.experiments().ensure("churn", NOW);
        target.experiments().change("churn", new ExperimentChange.Deleted(), NOW);

        SyncReport report = copy(source, target);

        assertThat(report.conflicts()).extracting(SyncReport.Conflict::of).contains("experiment 'churn'");
        assertThat(target.runs().find(new RunId("20261121-120000-bbbbbbbbbbbb")))
                .isPresent();
        assertThat(target.runs().find(SampleStore.WHOLE)).isEmpty();
    }

    @Test
    void anExperimentWithRunsOfOthersIsNotDeleted() {
        RunId theirs = new RunId("theirs");
        var unused = target.runs().create(new RunDraft(theirs, "old", "theirs", NOW, null, Map.of()));
        target.runs().change(theirs, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOW)));

        SyncReport report = copy(source, target);

        assertThat(target.experiments().find("old").orElseThrow().deleted()).isFalse();
        assertThat(report.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.toString()).contains("experiment 'old'", "theirs"));
    }

    @Test
    void theListenerHearsOfEachStep() {
        List<String> heard = new ArrayList<>();

        new StoreCopy(source, target, InstantSource.fixed(NOW), (what, done, total) -> {
                    heard.add(what + " " + done + "/" + total);
                    throw new IllegalStateException("a bar that fails");
                })
                .run();

        assertThat(heard).contains("runs of churn 0/5", "runs of churn 5/5", "models 2/2");
    }

    @Test
    void aStoreIsNotCopiedToItselfNorToAClosedOne() {
        assertThatThrownBy(() -> copy(source, source))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memory");
        target.close();
        assertThatThrownBy(() -> copy(source, target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("closed");
    }
}
