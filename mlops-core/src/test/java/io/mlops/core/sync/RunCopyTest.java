package io.mlops.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.contract.StoreContents;
import io.mlops.core.memory.MemoryBackend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a run is brought as it grows, and at what cost. */
final class RunCopyTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    private static final RunId ID = new RunId("20261121-120000-aaaaaaaaaaaa");

    private final MemoryBackend source = new MemoryBackend();
    private final MemoryBackend target = new MemoryBackend();
    private final Interruption counting = Interruption.never();
    private final RunCopy copy = new RunCopy(source, counting.to(target), ID, true);

    @BeforeEach
    void begin() {
        begin(source, NOON, Map.of("team", "growth"));
    }

    private static void begin(Backend backend, Instant started, Map<String, String> tags) {
        var unused = backend.runs().create(new RunDraft(ID, "churn", "forest", started, null, tags));
    }

    private static void append(Backend backend, String writer, long offset, int count) {
        MetricColumns points = new MetricColumns();
        for (long i = offset; i < offset + count; i++) {
            points.add("loss of " + writer, i, NOON.toEpochMilli() + i, 1.0 / (i + 1));
        }
        long unused = backend.runs().append(ID, points.batch(writer, offset));
    }

    private void change(RunChange... changes) {
        source.runs().change(ID, List.of(changes));
    }

    private List<MetricPoint> history(Backend backend, String key) {
        Listing<MetricPoint> history = page -> backend.runs().history(ID, key, page);
        return history.stream().toList();
    }

    private void assertEqual() {
        assertThat(StoreContents.of(target)).isEqualTo(StoreContents.of(source));
        assertThat(target.runs().get(ID).metrics())
                .isEqualTo(source.runs().get(ID).metrics());
    }

    @Test
    void aSmallRunIsFourCalls() {
        change(new RunFact.ParamSet("trees", "200"), new RunFact.Tagged("late", "yes"));
        append(source, "w", 0, 10);
        change(new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(9)));

        Brought brought = copy.bring();

        assertThat(counting.calls()).containsExactly("create", "append", "change");
        assertThat(brought.points()).isEqualTo(10);
        assertThat(brought.run().status()).isEqualTo(RunStatus.FINISHED);
        assertEqual();
    }

    @Test
    void whatIsNotNewCostsNothing() {
        append(source, "w", 0, 10);
        assertThat(copy.bring().changed()).isTrue();
        counting.calls().clear();

        Brought again = copy.bring();

        assertThat(counting.calls()).isEmpty();
        assertThat(again.changed()).isFalse();
    }

    @Test
    void aGrowingRunCostsItsBatches() {
        copy.bring();
        counting.calls().clear();
        for (int i = 0; i < 5; i++) {
            append(source, "w", 999L * i, 999);
            assertThat(copy.bring().points()).isEqualTo(999);
        }

        assertThat(counting.calls()).containsOnly("append", "change").hasSize(10);
        assertEqual();
    }

    @Test
    void manyWritersEachGoOnWhereTheyAre() {
        append(source, "w1", 0, 10);
        append(source, "w2", 0, 5);
        copy.bring();
        append(source, "w1", 10, 3000);
        append(source, "w3", 0, 1);

        assertThat(copy.bring().points()).isEqualTo(3001);

        assertEqual();
    }

    @Test
    void anotherCopyGoesOnWhereTheFirstWas() {
        append(source, "w", 0, 10);
        copy.bring();
        append(source, "w", 10, 10);

        Brought brought = new RunCopy(source, target, ID, false).bring();

        assertThat(brought.points()).isEqualTo(10);
        assertEqual();
        assertThat(new RunCopy(source, target, ID, false).bring().changed()).isFalse();
    }

    @Test
    void afterAFailureTheTargetIsAsked() {
        append(source, "w", 0, 10);
        target.faults().failNext(1);
        assertThatThrownBy(copy::bring).isInstanceOf(BackendUnavailableException.class);
        append(target(), "w", 0, 4);

        assertThat(copy.bring().points()).isEqualTo(6);

        assertEqual();
    }

    /** The target, which has the run. */
    private Backend target() {
        begin(target, NOON, Map.of("team", "growth"));
        return target;
    }

    @Test
    void aTargetThatWasReplacedByAnEmptyOneGetsEverythingAgain() {
        append(source, "w", 0, 10);
        copy.bring();
        target.runs().discard(ID);
        append(source, "w", 10, 1);
        assertThatThrownBy(copy::bring).hasMessageContaining(ID.value());

        assertThat(copy.bring().points()).isEqualTo(11);

        assertEqual();
    }

    /** Changes of every kind, each to a run that has ended unless it says so, and what they begin with. */
    static List<List<RunChange>> changes() {
        RunChange failed = new RunChange.Ended(new RunOutcome.Failed("a", "b"), NOON.plusSeconds(5));
        List<List<RunChange>> all = new ArrayList<>();
        all.add(List.of(new RunFact.ParamSet("trees", "200")));
        all.add(List.of(new RunFact.Tagged("team", "risk")));
        all.add(List.of(new RunFact.Untagged("team")));
        all.add(List.of(new RunFact.Renamed("deep forest")));
        all.add(List.of(new RunFact.Tagged(RunFact.NAME_TAG, "by tag")));
        all.add(List.of(new RunFact.Tagged(RunFact.PARENT_TAG, "other")));
        all.add(List.of(
                new RunFact.Used(RunInput.of(DataReference.external("rows", Digest.parse("md5:00"), "x"), "test"))));
        all.add(List.of(new RunFact.Produced(new ModelVersionId("churn", 7))));
        all.add(List.of(new RunFact.RanIn(new RunEnvironment(Map.of("user", "anna"), List.of(), Map.of()))));
        all.add(List.of(
                new RunFact.RanIn(new RunEnvironment(Map.of("user", "anna"), List.of(), Map.of())),
                new RunFact.Untagged(RunEnvironment.USER_TAG)));
        all.add(List.of(failed));
        all.add(List.of(failed, new RunChange.Resumed(NOON.plusSeconds(6))));
        all.add(List.of(failed, new RunChange.Deleted(NOON.plusSeconds(6))));
        all.add(List.of(failed, new RunChange.Deleted(NOON.plusSeconds(6)), new RunChange.Restored()));
        return all;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyChangeIsBroughtAtOnceOrOneByOne(List<RunChange> changes) {
        copy.bring();
        for (RunChange change : changes) {
            change(change);
            assertThat(copy.bring().conflicts()).isEmpty();
            assertEqual();
        }

        MemoryBackend later = new MemoryBackend();
        new RunCopy(source, later, ID, true).bring();
        assertThat(StoreContents.of(later)).isEqualTo(StoreContents.of(source));
    }

    @Test
    void noKindOfChangeIsForgotten() {
        List<Class<?>> covered = new ArrayList<>();
        changes().forEach(changes -> changes.forEach(change -> covered.add(change.getClass())));
        List<Class<?>> kinds = new ArrayList<>(List.of(RunFact.class.getPermittedSubclasses()));
        Arrays.stream(RunChange.class.getPermittedSubclasses())
                .filter(kind -> kind != RunFact.class)
                .forEach(kinds::add);

        assertThat(covered).containsAll(kinds);
    }

    @Test
    void aRunThatGoesOnAfterItWasBroughtAsFailedRunsThereToo() {
        change(new RunChange.Ended(new RunOutcome.Failed("a", "b"), NOON.plusSeconds(5)));
        copy.bring();
        MemoryBackend nextSpool = new MemoryBackend();
        begin(nextSpool, NOON.plusSeconds(99), Map.of());
        append(nextSpool, "w7", 0, 3);

        Brought brought = new RunCopy(nextSpool, target, ID, false).bring();

        assertThat(brought.conflicts()).isEmpty();
        assertThat(target.runs().get(ID).status()).isEqualTo(RunStatus.RUNNING);
        assertThat(target.runs().get(ID).started()).isEqualTo(NOON);
        assertThat(history(target, "loss of w7")).hasSize(3);
    }

    @Test
    void whatASecondAttemptRecordedStandsThereAfterOnePass() {
        change(
                new RunFact.Tagged("attempt", "1"),
                new RunFact.Tagged("mlflow.note.content", "first"),
                new RunChange.Ended(new RunOutcome.Failed("a", "b"), NOON.plusSeconds(5)));
        copy.bring();
        MemoryBackend nextSpool = new MemoryBackend();
        begin(nextSpool, NOON.plusSeconds(99), Map.of("attempt", "2", "mlflow.note.content", "second"));
        nextSpool
                .runs()
                .change(
                        ID,
                        List.of(
                                new RunFact.Renamed("deep forest"),
                                new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(120))));
        List<RunChange> sent = new ArrayList<>();

        Brought brought = new RunCopy(nextSpool, noting(sent), ID, false).bring();

        assertThat(brought.conflicts()).isEmpty();
        assertThat(brought.lost()).isEmpty();
        RunInfo there = target.runs().get(ID);
        assertThat(there.tags()).isEqualTo(Map.of("team", "growth", "attempt", "2", "mlflow.note.content", "second"));
        assertThat(there.name()).isEqualTo("deep forest");
        assertThat(there.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(sent.get(0)).isInstanceOf(RunChange.Resumed.class);
        assertThat(sent.get(sent.size() - 1)).isInstanceOf(RunChange.Ended.class);
    }

    /** The target, whose changes are noted. */
    private Backend noting(List<RunChange> sent) {
        return new TwistedBackend(target, (method, arguments, real) -> {
            if (method.equals("change")) {
                ((List<?>) arguments.get(1)).forEach(change -> sent.add((RunChange) change));
            }
            return real.call();
        });
    }

    @Test
    void aRunThatHasFinishedThereDoesNotGoOn() {
        change(new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(5)));
        copy.bring();
        MemoryBackend nextSpool = new MemoryBackend();
        begin(nextSpool, NOON.plusSeconds(99), Map.of());

        assertThatThrownBy(() -> new RunCopy(nextSpool, target, ID, false).bring())
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("choose another id");
    }

    @Test
    void artifactsThatDifferAreReplacedAndOthersNotSent() {
        RelativePath report = RelativePath.of("report.html");
        put(source, Map.of(report, Content.text("old"), RelativePath.of("a/b"), Content.text("b")));
        assertThat(copy.bring().artifacts()).isEqualTo(2);
        put(source, Map.of(report, Content.text("new")));
        counting.calls().clear();

        assertThat(copy.bring().artifacts()).isEqualTo(1);

        assertThat(counting.calls()).containsExactly("put");
        assertEqual();
        put(source, Map.of(report, Content.text("newer")));
        assertThat(new RunCopy(source, target, ID, false).bring().artifacts()).isEqualTo(1);
        assertEqual();
    }

    private static void put(Backend backend, Map<RelativePath, Content> files) {
        var unused = backend.artifacts().put(ID, new TreeMap<>(files));
    }

    @Test
    void tenThousandKeysAreReadInOnePass() {
        MetricColumns points = new MetricColumns();
        for (int i = 0; i < 10_000; i++) {
            points.add("key " + i, 0, NOON.toEpochMilli(), i);
        }
        long unused = source.runs().append(ID, points.batch("w", 0));
        Interruption reading = Interruption.never();

        new RunCopy(reading.to(source), counting.to(target), ID, true).bring();

        assertThat(reading.calls()).hasSizeLessThan(12).doesNotContain("history");
        assertThat(counting.calls()).hasSizeLessThan(12);
        assertEqual();
    }

    @Test
    void aRunGoesOnInAnExperimentThatWasRenamedThere() {
        var unusedBefore = copy.bring();
        target.experiments().change("churn", new ExperimentChange.Renamed("churn of 2026"), NOON);
        source.runs().change(ID, List.of(new RunFact.ParamSet("late", "1")));

        // As after a failure, or in another program: the target is asked what it has.
        var unused = new RunCopy(source, target, ID, false).bring();

        RunInfo there = target.runs().get(ID);
        assertThat(there.experiment()).isEqualTo("churn of 2026");
        assertThat(there.params()).containsEntry("late", "1");
        assertThat(target.experiments().find("churn")).isEmpty();
    }

    @Test
    void aRunOfAnotherExperimentIsNotMixedIn() {
        Instant later = NOON.plusSeconds(1);
        var unused = target.runs().create(new RunDraft(ID, "other", "theirs", later, null, Map.of()));

        assertThatThrownBy(copy::bring)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("experiment 'other'");

        RunInfo there = target.runs().get(ID);
        assertThat(there.tags()).isEmpty();
    }
}
