package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever step of a deletion fails, everybody sees the run as deleted or not, and a second try ends it. */
final class TrashTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RunId ID = new RunId("run-1");
    private static final RelativePath FILE = RelativePath.of("notes.txt");

    @TempDir
    private Path folder;

    private static void deleteRun(FsBackend store) {
        store.runs().change(ID, List.of(new RunChange.Deleted(NOON)));
    }

    private static void restoreRun(FsBackend store) {
        store.runs().change(ID, List.of(new RunChange.Restored()));
    }

    private static void deleteExperiment(FsBackend store) {
        store.experiments().change("churn", new ExperimentChange.Deleted(), NOON);
    }

    private static void restoreExperiment(FsBackend store) {
        store.experiments().change("churn", new ExperimentChange.Restored(), NOON);
    }

    private static void purge(FsBackend store) {
        assertThat(store.experiments().purge(NOON.plusSeconds(1)).left()).isZero();
    }

    private Path root(int round) {
        return folder.resolve("store-" + round);
    }

    private static void make(FsBackend store) {
        store.runs().create(new RunDraft(ID, "churn", "a run", NOON, null, Map.of("team", "growth")));
        var unused = store.artifacts().put(ID, Map.of(FILE, Content.text("hello")));
        store.runs().change(ID, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
    }

    /** Fails at each step in turn, looks at the store as another process would, and tries again. */
    private void failAtEachStep(
            List<Consumer<FsBackend>> before, Consumer<FsBackend> operation, Consumer<FsBackend> done) {
        boolean failed = true;
        for (int step = 1; failed; step++) {
            TracingDisk disk = new TracingDisk(root(step));
            try (FsBackend store = FsBackend.at(root(step), disk)) {
                make(store);
                before.forEach(earlier -> earlier.accept(store));
                disk.failAt("", step);
                failed = fails(() -> operation.accept(store));
                disk.failAt("nothing more", 1);
                try (FsBackend other = FsBackend.at(root(step))) {
                    if (other.runs().find(ID).isPresent()) {
                        assertSeenOnce(other);
                    }
                    assertSeenOnceOrGone(store);
                }
                operation.accept(store);
                done.accept(store);
                try (FsBackend other = FsBackend.at(root(step))) {
                    done.accept(other);
                }
            }
            assertThat(step).isLessThan(40);
        }
    }

    private static boolean fails(Runnable operation) {
        try {
            operation.run();
            return false;
        } catch (BackendUnavailableException e) {
            assertThat(e).hasMessageContaining("Input/output error");
            return true;
        }
    }

    private static void assertSeenOnceOrGone(FsBackend store) {
        if (store.runs().find(ID).isPresent()) {
            assertSeenOnce(store);
        } else {
            assertThat(found(store, Visibility.ALL)).isEmpty();
        }
    }

    private static void assertSeenOnce(FsBackend store) {
        RunInfo run = store.runs().find(ID).orElseThrow();
        assertThat(run.experiment()).isEqualTo("churn");
        assertThat(run.tags()).containsEntry("team", "growth");
        assertThat(store.artifacts().find(ID, FILE)).isPresent();
        assertThat(found(store, Visibility.ALL)).containsExactly("run-1");
        assertThat(found(store, Visibility.ACTIVE)).hasSize(run.deleted() ? 0 : 1);
        assertThat(found(store, Visibility.DELETED)).hasSize(run.deleted() ? 1 : 0);
    }

    private static List<String> found(FsBackend store, Visibility visibility) {
        return store.runs().search(RunQuery.of("churn").visibility(visibility), PageRequest.first(10)).items().stream()
                .map(run -> run.id().value())
                .toList();
    }

    private static void assertActive(FsBackend store) {
        assertSeenOnce(store);
        assertThat(found(store, Visibility.ACTIVE)).hasSize(1);
    }

    private static void assertDeleted(FsBackend store) {
        assertSeenOnce(store);
        assertThat(found(store, Visibility.DELETED)).hasSize(1);
    }

    @Test
    void aRunIsDeletedOrNot() {
        failAtEachStep(List.of(), TrashTest::deleteRun, TrashTest::assertDeleted);
    }

    @Test
    void aRunIsRestoredOrNot() {
        failAtEachStep(List.of(TrashTest::deleteRun), TrashTest::restoreRun, TrashTest::assertActive);
    }

    @Test
    void anExperimentIsDeletedOrNot() {
        failAtEachStep(List.of(), TrashTest::deleteExperiment, TrashTest::assertDeleted);
    }

    @Test
    void anExperimentIsRestoredOrNot() {
        failAtEachStep(List.of(TrashTest::deleteExperiment), TrashTest::restoreExperiment, TrashTest::assertActive);
    }

    @Test
    void aRunIsPurgedOrNot() {
        failAtEachStep(
                List.of(TrashTest::deleteRun),
                TrashTest::purge,
                store -> assertThat(store.runs().find(ID)).isEmpty());
    }

    @Test
    void anExperimentIsPurgedOrNot() {
        failAtEachStep(
                List.of(TrashTest::deleteRun, TrashTest::deleteExperiment),
                TrashTest::purge,
                store -> assertThat(store.experiments().find("churn")).isEmpty());
    }

    @Test
    void whatIsDeletedIsOutOfTensorBoardsSightAndLeavesNothingWhenPurged() throws IOException {
        try (FsBackend store = FsBackend.at(root(0))) {
            make(store);
            deleteRun(store);
            assertThat(root(0).resolve("experiments/churn/run-1")).doesNotExist();
            assertThat(root(0).resolve(".trash/runs/churn/run-1/run.json")).exists();
            deleteExperiment(store);
            assertThat(root(0).resolve("experiments")).isEmptyDirectory();

            purge(store);
            try (var left = Files.walk(root(0).resolve(".trash")).filter(Files::isRegularFile)) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void aRunDeletedOnItsOwnStaysDeletedWhenItsExperimentIsRestored() {
        try (FsBackend store = FsBackend.at(root(0))) {
            make(store);
            deleteRun(store);
            deleteExperiment(store);
            restoreExperiment(store);

            assertDeleted(store);
            restoreRun(store);
            assertActive(store);
        }
    }
}
