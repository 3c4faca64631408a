package io.mlops.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Purged;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what every {@link ExperimentStore} must do. */
abstract class ExperimentStoreContract extends StoreSuite {
    private ExperimentStore store() {
        return backend().experiments();
    }

    private Page<Experiment> list(PageRequest page) {
        return store().search("", Visibility.ACTIVE, page);
    }

    private List<String> found(String filter, Visibility visibility) {
        return all(page -> store().search(filter, visibility, page), 2).stream()
                .map(Experiment::name)
                .toList();
    }

    private void change(String name, ExperimentChange change) {
        store().change(name, change, NOON.plusSeconds(60));
    }

    private RunId run(String id, String experiment, RunChange... changes) {
        RunId run = new RunId(id);
        backend().runs().create(new RunDraft(run, experiment, id, NOON, null, Map.of()));
        backend().runs().change(run, List.of(changes));
        return run;
    }

    private static RunChange finished() {
        return new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(1));
    }

    private List<String> runs(RunQuery query) {
        return backend().runs().search(query, PageRequest.first(100)).items().stream()
                .map(run -> run.id().value())
                .toList();
    }

    @Test
    void ensureMakesAnExperimentOnce() {
        Experiment made = store().ensure("churn", NOON);

        assertThat(made.name()).isEqualTo("churn");
        assertThat(made.created()).isEqualTo(NOON);
        assertThat(store().ensure("churn", NOON.plus(Duration.ofDays(1)))).isEqualTo(made);
        assertThat(store().find("churn")).contains(made);
    }

    @Test
    void anUnknownNameIsNotFound() {
        assertThat(store().find("churn")).isEmpty();
        assertThat(list(PageRequest.first(10)).items()).isEmpty();
    }

    @Test
    void namesOfAnyKindRoundTripAndNeverCollide() {
        ODD_NAMES.forEach(name -> store().ensure(name, NOON));

        assertThat(ODD_NAMES)
                .allSatisfy(name -> assertThat(store().find(name))
                        .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo(name)));
        assertThat(all(this::list, 7).stream().map(Experiment::name))
                .containsExactlyElementsOf(ODD_NAMES.stream().sorted().toList());
        assertThat(all(this::list, 100).stream().map(Experiment::storeId)).doesNotHaveDuplicates();
    }

    @Test
    void blankNamesAreRefused() {
        assertThatThrownBy(() -> store().ensure(" ", NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blank");
        assertThat(list(PageRequest.first(10)).items()).isEmpty();
    }

    @Test
    void ofManyAtOnceOneMakesIt() {
        List<Experiment> got = race(8, racer -> store().ensure("churn", NOON.plusMillis(racer)));

        assertThat(new HashSet<>(got)).hasSize(1);
    }

    @Test
    void pagesNeitherSkipNorRepeatWhileExperimentsAreAdded() {
        List.of("b", "d", "f").forEach(name -> store().ensure(name, NOON));
        Page<Experiment> first = list(PageRequest.first(2));
        List.of("a", "e").forEach(name -> store().ensure(name, NOON));

        Page<Experiment> second = list(new PageRequest(10, first.next()));

        assertThat(first.items()).extracting(Experiment::name).containsExactly("b", "d");
        assertThat(second.items()).extracting(Experiment::name).containsExactly("e", "f");
        assertThat(second.next()).isNull();
    }

    @Test
    void aForeignTokenIsRefused() {
        List.of("a", "b").forEach(name -> store().ensure(name, NOON));
        String ofAnother = requireNonNull(
                store().search("name LIKE '_'", Visibility.ACTIVE, PageRequest.first(1))
                        .next(),
                "a token");
        for (String token : List.of("", "x", "a", "LTAw", "////", "VAAAAAFh", "VGhpcyBpcyBub25l", ofAnother)) {
            assertThatThrownBy(() -> list(new PageRequest(1, token)))
                    .as(token)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token");
        }
    }

    @Test
    void experimentsComeInTheOrderOfCodePoints() {
        List<String> names = List.of("B", "a", "a\uff5e", "a\ud83d\ude00", "b");
        names.forEach(name -> store().ensure(name, NOON));

        assertThat(found("", Visibility.ACTIVE)).isEqualTo(names);
    }

    @Test
    void aRenamedExperimentKeepsItsIdAndItsRunsAndFreesItsName() {
        Experiment before = store().ensure("churn", NOON);
        RunId run = run("a", "churn");
        change("churn", new ExperimentChange.Renamed("churn 2026"));

        assertThat(store().find("churn")).isEmpty();
        assertThat(store().find("churn 2026")).hasValueSatisfying(after -> {
            assertThat(after.storeId()).isEqualTo(before.storeId());
            assertThat(after.created()).isEqualTo(NOON);
            if (promises(Capability.UPDATE_TIMES)) {
                assertThat(after.updated()).isEqualTo(NOON.plusSeconds(60));
            } else {
                assertThat(after.updated()).isAfterOrEqualTo(before.updated());
            }
        });
        assertThat(backend().runs().find(run))
                .hasValueSatisfying(found -> assertThat(found.experiment()).isEqualTo("churn 2026"));
        assertThat(runs(RunQuery.of("churn 2026"))).containsExactly("a");
        assertThat(runs(RunQuery.of("churn"))).isEmpty();

        Experiment next = store().ensure("churn", NOON.plusSeconds(90));
        RunId other = run("b", "churn");
        assertThat(next.storeId()).isNotEqualTo(before.storeId());
        assertThat(runs(RunQuery.of("churn"))).containsExactly(other.value());
        change("churn", new ExperimentChange.Renamed("third"));
        change("churn 2026", new ExperimentChange.Renamed("churn"));
        assertThat(runs(RunQuery.of("churn"))).containsExactly("a");
        assertThat(runs(RunQuery.of("third"))).containsExactly("b");
        assertThat(store().ensure("churn", NOON).storeId()).isEqualTo(before.storeId());
    }

    @Test
    void aTakenNameIsRefused() {
        store().ensure("churn", NOON);
        store().ensure("other", NOON);

        assertThatThrownBy(() -> change("churn", new ExperimentChange.Renamed("other")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn", "other");
        change("churn", new ExperimentChange.Renamed("churn"));
        assertThat(found("", Visibility.ALL)).containsExactly("churn", "other");
        assertThatThrownBy(() -> change("unknown", new ExperimentChange.Untagged("a")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
    }

    @Test
    void tagsAreSetReplacedAndRemoved() {
        store().ensure("churn", NOON);
        change("churn", new ExperimentChange.Tagged("team", "growth"));
        change("churn", new ExperimentChange.Tagged("team", "core"));
        change("churn", new ExperimentChange.Tagged("odd key/1", "x\ny"));
        change("churn", new ExperimentChange.Untagged("never set"));

        assertThat(store().find("churn").orElseThrow().tags()).isEqualTo(Map.of("team", "core", "odd key/1", "x\ny"));

        change("churn", new ExperimentChange.Untagged("team"));
        assertThat(store().find("churn").orElseThrow().tags()).isEqualTo(Map.of("odd key/1", "x\ny"));
    }

    @Test
    void filtersLookAtNameTimesAndTags() {
        store().ensure("churn", NOON);
        store().ensure("income", NOON.plusSeconds(10));
        change("income", new ExperimentChange.Tagged("team", "growth"));

        assertThat(found("name LIKE 'in%'", Visibility.ACTIVE)).containsExactly("income");
        assertThat(found("tags.team = 'growth' AND attribute.name ILIKE 'IN%'", Visibility.ACTIVE))
                .containsExactly("income");
        assertThat(found("tags.team IS NULL", Visibility.ACTIVE)).containsExactly("churn");
        assertThat(found("creation_time <= " + NOON.toEpochMilli(), Visibility.ACTIVE))
                .containsExactly("churn");
        if (promises(Capability.UPDATE_TIMES)) {
            assertThat(found("last_update_time > " + NOON.plusSeconds(30).toEpochMilli(), Visibility.ACTIVE))
                    .containsExactly("income");
        } else {
            long shown = store().find("income").orElseThrow().updated().toEpochMilli();
            assertThat(found("last_update_time = " + shown, Visibility.ACTIVE)).contains("income");
            assertThat(found("last_update_time > " + shown, Visibility.ACTIVE)).doesNotContain("income");
        }
        String id = store().find("income").orElseThrow().storeId();
        assertThat(found("experiment_id = '" + id + "'", Visibility.ACTIVE)).containsExactly("income");
        assertThat(found("attribute.experiment_id IN ('x', '" + id + "')", Visibility.ACTIVE))
                .containsExactly("income");
        assertThat(found("experiment_id != '" + id + "'", Visibility.ACTIVE)).containsExactly("churn");
        assertThat(found("`tags`.team\u00a0= 'growth'", Visibility.ACTIVE)).containsExactly("income");
        assertThatThrownBy(() -> store().search("metrics.auc > 1", Visibility.ACTIVE, PageRequest.first(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("position 1", "creation_time");
    }

    @Test
    void aDeletedExperimentIsHiddenWithItsRunsAndComesBack() {
        RunId run = run("a", "churn", new RunFact.Tagged("note", "x"), finished());
        store().ensure("other", NOON);
        change("churn", new ExperimentChange.Deleted());
        change("churn", new ExperimentChange.Deleted());

        assertThat(found("", Visibility.ACTIVE)).containsExactly("other");
        assertThat(found("", Visibility.DELETED)).containsExactly("churn");
        assertThat(found("", Visibility.ALL)).containsExactly("churn", "other");
        assertThat(store().find("churn").orElseThrow().deleted()).isTrue();
        assertThat(runs(RunQuery.of())).isEmpty();
        assertThat(runs(RunQuery.of("churn").visibility(Visibility.DELETED))).containsExactly("a");
        assertThat(backend().runs().find(run).orElseThrow().deleted()).isTrue();
        assertThatThrownBy(() -> store().ensure("churn", NOON))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("restore");
        assertThatThrownBy(() -> run("b", "churn")).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> backend().runs().change(run, List.of(new RunFact.Tagged("note", "y"))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("restore");
        assertThatThrownBy(() -> change("other", new ExperimentChange.Renamed("churn")))
                .isInstanceOf(ConflictException.class);

        change("churn", new ExperimentChange.Restored());
        change("churn", new ExperimentChange.Restored());
        assertThat(found("", Visibility.ACTIVE)).containsExactly("churn", "other");
        assertThat(runs(RunQuery.of("churn"))).containsExactly("a");
        assertThat(backend().runs().find(run).orElseThrow().tags()).isEqualTo(Map.of("note", "x"));
    }

    @Test
    void anExperimentWithARunningRunIsNotDeleted() {
        run("a", "churn");

        assertThatThrownBy(() -> change("churn", new ExperimentChange.Deleted()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("a", "running");
        assertThat(found("", Visibility.ACTIVE)).containsExactly("churn");
    }

    @Test
    void purgeRemovesWhatWasDeletedBefore() {
        RunId gone = run("gone", "churn", finished(), new RunChange.Deleted(NOON.plusSeconds(5)));
        RunId later = run("later", "churn", finished(), new RunChange.Deleted(NOON.plusSeconds(9)));
        RunId kept = run("kept", "churn", finished());
        RunId inGone = run("in-gone", "other", finished());
        change("other", new ExperimentChange.Deleted());
        if (refusesToPurge()) {
            return;
        }

        purge(NOON.plusSeconds(7));
        assertThat(backend().runs().find(gone)).isEmpty();
        assertThat(backend().runs().find(later)).isPresent();
        assertThat(store().find("other")).isPresent();

        purge(NOON.plusSeconds(61));
        assertThat(backend().runs().find(later)).isEmpty();
        assertThat(backend().runs().find(inGone)).isEmpty();
        assertThat(backend().runs().find(kept)).isPresent();
        assertThat(found("", Visibility.ALL)).containsExactly("churn");
        assertThat(store().ensure("other", NOON).deleted())
                .as("the name is free")
                .isFalse();
        run("gone", "churn");
        assertThat(runs(RunQuery.of())).containsExactlyInAnyOrder("gone", "kept");
    }

    @Test
    void purgeTellsWhatItRemoved() {
        RunId gone = run("gone", "churn", finished(), new RunChange.Deleted(NOON.plusSeconds(5)));
        run("kept", "churn", finished());
        run("in-gone", "other", finished());
        run("in-gone-too", "other", finished(), new RunChange.Deleted(NOON.plusSeconds(5)));
        var unused = backend().artifacts().put(gone, Map.of(RelativePath.of("a/b.txt"), Content.text("hello")));
        change("other", new ExperimentChange.Deleted());
        if (refusesToPurge()) {
            return;
        }

        Purged removed = purge(NOON.plusSeconds(61));

        assertThat(removed.runs()).isEqualTo(3);
        assertThat(removed.files()).isPositive();
        assertThat(removed.bytes()).isGreaterThanOrEqualTo(5);
        assertThat(purge(NOON.plusSeconds(61))).isEqualTo(Purged.NOTHING);
    }

    /** Whether the place does not promise to purge; checks that it says so then, and keeps everything. */
    private boolean refusesToPurge() {
        if (promises(Capability.PURGE)) {
            return false;
        }
        List<String> before = runs(RunQuery.of().visibility(Visibility.ALL));
        assertThatThrownBy(() -> store().purge(NOON.plusSeconds(61))).isInstanceOf(UnsupportedByBackendException.class);
        assertThat(runs(RunQuery.of().visibility(Visibility.ALL))).isNotEmpty().isEqualTo(before);
        assertThat(found("", Visibility.ALL)).containsExactly("churn", "other");
        return true;
    }

    private Purged purge(Instant deletedBefore) {
        PurgeStep step = store().purge(deletedBefore);
        Purged removed = step.removed();
        while (step.left() > 0) {
            step = store().purge(deletedBefore);
            removed = removed.plus(step.removed());
        }
        return removed;
    }

    @Test
    void useAfterCloseIsABug() {
        backend().close();

        assertThatThrownBy(() -> store().ensure("churn", NOON)).isInstanceOf(IllegalStateException.class);
    }
}
