package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Purged;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deletion where folders cannot be renamed, as in a lower layer of an overlay file system, and where others lie about. */
@QuietExtension.Warned
final class UnmovableTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RunId ID = new RunId("run-1");
    private static final RelativePath FILE = RelativePath.of("sub/notes.txt");

    private final TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);

    @TempDir
    private Path folder;

    private FsBackend store;

    /** A disk whose folders were there before: only what this process staged can be renamed. */
    private static final class Overlay extends Disk {
        private final boolean deletes;

        Overlay(boolean deletes) {
            this.deletes = deletes;
        }

        @Override
        public boolean claimFolder(Path staged, Path target) throws IOException {
            if (!staged.toString().contains(".staging")) {
                throw new AtomicMoveNotSupportedException(
                        staged.toString(), target.toString(), "Invalid cross-device link");
            }
            return super.claimFolder(staged, target);
        }

        @Override
        public void deleteTree(Path tree, Doomed listener) throws IOException {
            if (!deletes && tree.toString().contains("run-1")) {
                throw new IOException("Input/output error");
            }
            super.deleteTree(tree, listener);
        }
    }

    @BeforeEach
    void open() {
        log.clearAll();
        store = FsBackend.at(root(), new Overlay(true));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path root() {
        return folder.resolve("store");
    }

    private void make(String run) {
        RunId id = new RunId(run);
        store.runs().create(new RunDraft(id, "churn", "a run", NOON, null, Map.of()));
        var unused = store.artifacts().put(id, Map.of(FILE, Content.text("hello")));
        store.runs().change(id, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
    }

    private void delete(String run) {
        store.runs().change(new RunId(run), List.of(new RunChange.Deleted(NOON)));
    }

    private List<String> found(Visibility visibility) {
        return store.runs().search(RunQuery.of("churn").visibility(visibility), PageRequest.first(100)).items().stream()
                .map(run -> run.id().value())
                .toList();
    }

    private Purged purge() {
        PurgeStep step = store.experiments().purge(NOON.plusSeconds(1));
        Purged removed = step.removed();
        while (step.left() > 0) {
            step = store.experiments().purge(NOON.plusSeconds(1));
            removed = removed.plus(step.removed());
        }
        return removed;
    }

    private List<String> told() {
        return log.getAllLoggingEvents().stream()
                .map(LoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void aRunThatCannotBeMovedIsDeletedRestoredAndPurgedWhereItLies() {
        make("run-1");
        make("run-2");
        delete("run-1");
        delete("run-2");

        assertThat(found(Visibility.ACTIVE)).isEmpty();
        assertThat(found(Visibility.DELETED)).containsExactlyInAnyOrder("run-1", "run-2");
        assertThat(told()).singleElement().asString().contains(".trash", "stays where it is");

        store.runs().change(ID, List.of(new RunChange.Restored()));
        assertThat(found(Visibility.ACTIVE)).containsExactly("run-1");
        assertThat(store.artifacts().find(ID, FILE)).isPresent();

        assertThat(purge().runs()).isEqualTo(1);
        assertThat(found(Visibility.ALL)).containsExactly("run-1");
        assertThat(root().resolve("experiments/churn/run-2")).doesNotExist();
    }

    @Test
    void whatTheTrashCannotGiveBackIsCopied() throws IOException {
        make("run-1");
        try (FsBackend other = FsBackend.at(root())) {
            other.runs().change(ID, List.of(new RunChange.Deleted(NOON)));
        }
        assertThat(root().resolve(".trash/runs/churn/run-1/run.json")).exists();

        store.runs().change(ID, List.of(new RunChange.Restored()));

        assertThat(found(Visibility.ACTIVE)).containsExactly("run-1");
        assertThat(store.artifacts().open(ID, FILE).bytes()).hasContent("hello");
        assertThat(root().resolve(".trash/runs/churn/run-1")).doesNotExist();
        assertThat(purge()).isEqualTo(Purged.NOTHING);
    }

    @Test
    void anExperimentThatCannotBeMovedIsDeletedRestoredAndPurged() {
        make("run-1");
        make("run-2");
        delete("run-2");
        store.experiments().change("churn", new ExperimentChange.Deleted(), NOON);
        assertThat(found(Visibility.ACTIVE)).isEmpty();

        store.experiments().change("churn", new ExperimentChange.Restored(), NOON);
        assertThat(found(Visibility.ACTIVE)).containsExactly("run-1");

        store.experiments().change("churn", new ExperimentChange.Deleted(), NOON);
        Purged removed = purge();
        assertThat(removed.runs()).isEqualTo(2);
        assertThat(removed.bytes()).isGreaterThan(10);
        assertThat(store.experiments().find("churn")).isEmpty();
        assertThat(root().resolve("experiments/churn")).doesNotExist();
    }

    @Test
    void whatAPurgeInPlaceHasBegunIsNotRestored() {
        make("run-1");
        delete("run-1");
        store.close();
        store = FsBackend.at(root(), new Overlay(false));
        assertThatThrownBy(this::purge).isInstanceOf(BackendUnavailableException.class);
        store.close();
        store = FsBackend.at(root(), new Overlay(true));

        assertThatThrownBy(() -> store.runs().change(ID, List.of(new RunChange.Restored())))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("purge");
        assertThat(purge().runs()).isEqualTo(1);
        assertThat(found(Visibility.ALL)).isEmpty();
    }

    @Test
    void whatIsMarkedAndWasNotMovedIsPurged() throws IOException {
        make("run-1");
        make("run-2");
        for (String run : List.of("run-1", "run-2")) {
            Path file = root().resolve("experiments/churn/" + run + "/run.json");
            String text = Files.readString(file);
            Files.writeString(
                    file, text.replace("\"status\"", "\"deleted\": \"2026-11-21T11:00:00.000Z\",\n  \"status\""));
        }
        try (FsBackend other = FsBackend.at(root())) {
            assertThat(other.experiments().purge(NOON).removed().runs()).isEqualTo(2);
            assertThat(other.runs().find(ID)).isEmpty();
        }
    }

    @Test
    void aStrayFileInTheTrashIsToldAndStopsNothing() throws IOException {
        make("run-1");
        try (FsBackend other = FsBackend.at(root())) {
            other.runs().change(ID, List.of(new RunChange.Deleted(NOON)));
        }
        for (String stray : List.of("runs/.DS_Store", "runs/churn/notes", "experiments/list.txt")) {
            Path file = root().resolve(".trash").resolve(stray);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }

        assertThat(purge().runs()).isEqualTo(1);

        assertThat(told().toString()).contains(".DS_Store", "churn/notes", "list.txt");
        assertThat(root().resolve(".trash/runs/churn/notes")).exists();
        assertThat(purge()).isEqualTo(Purged.NOTHING);
    }

    @Test
    void purgingALinkSaysWhatStays() throws IOException {
        make("run-1");
        Path elsewhere = folder.resolve("elsewhere");
        try (FsBackend other = FsBackend.at(root())) {
            other.runs().change(ID, List.of(new RunChange.Deleted(NOON)));
            Path hidden = root().resolve(".trash/runs/churn/run-1");
            Files.move(hidden, elsewhere);
            Files.createSymbolicLink(hidden, elsewhere);

            assertThat(other.experiments().purge(NOON.plusSeconds(1)).left()).isZero();
            assertThat(other.runs().find(ID)).isEmpty();
        }
        assertThat(elsewhere.resolve("run.json")).exists();
        assertThat(told()).singleElement().asString().contains("run-1", elsewhere.toString(), "stays");
    }

    @Test
    void oneThatCannotBeRemovedKeepsNothingElse() throws IOException {
        make("run-1");
        make("run-2");
        Path elsewhere = folder.resolve("elsewhere");
        try (FsBackend other = FsBackend.at(root())) {
            for (String run : List.of("run-1", "run-2")) {
                other.runs().change(new RunId(run), List.of(new RunChange.Deleted(NOON)));
            }
            Files.createDirectories(elsewhere);
            Files.move(root().resolve(".trash/runs/churn/run-1"), elsewhere.resolve("run-1"));
            Files.createSymbolicLink(root().resolve(".trash/runs/other"), elsewhere);
        }

        assertThatThrownBy(this::purge)
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("link", elsewhere.toString());

        assertThat(elsewhere.resolve("run-1/run.json")).exists();
        assertThat(store.runs().find(new RunId("run-2"))).isEmpty();
        RunInfo kept = store.runs().find(ID).orElseThrow();
        assertThat(kept.deleted()).isTrue();
    }
}
