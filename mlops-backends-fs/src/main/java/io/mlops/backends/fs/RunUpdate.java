package io.mlops.backends.fs;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.event.RunWriters;
import io.mlops.backends.fs.event.SyncedRun;
import io.mlops.backends.fs.index.RunIndexes;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The change of a run: event files are synced, then {@code run.json} is read, changed and replaced under the run's
 * lock, so that its metrics are never ahead of the durable points. It takes three syncs. Thread-safe.
 */
final class RunUpdate {
    private final Store store;
    private final RunFolders folders;
    private final RunWriters writers;
    private final RunIndexes indexes;
    private final Trash trash;
    private final Environments environments;
    private final RunOwners owners;
    /** Runs whose document this process knows to be durable; a concurrent map used as a set. */
    private final Map<RunId, Boolean> durable = new ConcurrentHashMap<>();

    RunUpdate(
            Store store,
            RunFolders folders,
            RunWriters writers,
            RunIndexes indexes,
            Trash trash,
            Environments environments) {
        this.store = store;
        this.folders = folders;
        this.writers = writers;
        this.indexes = indexes;
        this.trash = trash;
        this.environments = environments;
        this.owners = new RunOwners(store.owners());
    }

    /**
     * Applies changes to a run in one step; durable on return, together with all points that this process appended
     * before.
     */
    void apply(RunId run, Path folder, List<RunChange> changes) throws IOException {
        boolean ended = writers.whileSynced(
                run, folder, changes, synced -> store.lock().in("run " + run, () -> rewrite(run, changes, synced)));
        if (ended) {
            durable.remove(run);
            writers.forget(run);
        }
        if (changes.stream().anyMatch(RunChange.Deleted.class::isInstance)) {
            store.lock().in("run " + run, () -> hide(run));
        }
    }

    /** Forgets a run that is gone. */
    void forget(RunId run) {
        durable.remove(run);
        writers.discard(run);
    }

    /** Moves a deleted run into the trash, out of sight of other tools, once this process writes nothing there. */
    private void hide(RunId run) throws IOException {
        Path folder = folders.get(run);
        Json json = folders.document(folder);
        boolean deleted = json != null && RunJson.read(json, "").deleted();
        if (deleted && !folder.startsWith(store.layout().deletedExperiments())) {
            folders.remember(run, trash.hide(folder, folder(store.layout().deletedRuns(), folder)));
        }
    }

    /**
     * Moves a deleted run out of the trash, before its mark is removed: what lies in the trash is always marked.
     * Returns the folder in which it then is.
     */
    private Path show(RunId run, Path folder) throws IOException {
        Json json = folders.document(folder);
        if (json == null
                || !RunJson.read(json, "").deleted()
                || folder.startsWith(store.layout().deletedExperiments())) {
            return folder;
        }
        if (Format.isPurging(json)) {
            throw new ConflictException(
                    "run " + run + " cannot be restored, since a purge has begun to remove it: purge again");
        }
        Path shown = folder(store.layout().experiments(), folder);
        trash.show(folder, shown, Layout.RUN);
        trash.removeLeftover(folder(store.layout().deletedRuns(), shown), Layout.RUN);
        folders.remember(run, shown);
        return shown;
    }

    private static Path folder(Path root, Path run) {
        return root.resolve(Disk.folderOf(run).getFileName()).resolve(run.getFileName());
    }

    private boolean rewrite(RunId run, List<RunChange> changes, SyncedRun synced) throws IOException {
        // Another process may have moved it until this one got the lock.
        Path before = folders.get(run);
        store.links().check(before);
        Path folder = changes.stream().anyMatch(RunChange.Restored.class::isInstance) ? show(run, before) : before;
        Json json = folders.document(run, folder);
        Format.checkWritable(json);
        Experiment experiment = folders.experiments().ofRun(folder);
        if (experiment != null && experiment.deleted() && !changes.isEmpty()) {
            throw new ConflictException(
                    "the experiment '" + experiment.name() + "' of run " + run + " is deleted: restore that first");
        }
        byte[] old = json.bytes();
        boolean lookedAt = folders.mayBeWritten(json);
        RunInfo known = RunJson.read(json, "");
        RunState after = RunState.of(known).apply(changes);
        Map<String, MetricSummary> sums = folders.summaries().cover(folder, json, known.metrics(), synced.files());
        owners.note(changes, synced.writes(), json, after.info());
        RunJson.write(after.metrics(sums).info(), json);
        environments.apply(changes, json);
        mark(after.info(), changes, json);
        boolean same = Arrays.equals(old, json.bytes());
        if (!same || durable.putIfAbsent(run, true) == null) {
            durable.remove(run);
            Disk.Action replace = () -> store.documents().replace(folder.resolve(Layout.RUN), json);
            if (lookedAt || folder.startsWith(store.layout().trash())) {
                replace.run();
            } else {
                // Searches keep what they know of a run that nobody writes.
                indexes.announce(folder, replace);
            }
            durable.put(run, true);
        } else if (changes.isEmpty()) {
            checkWritable(folder);
        }
        synced.show(folder, known, after.info());
        return after.info().status().ended();
    }

    /** Whoever may not write is told so by a change of nothing, too: by that it is told from one that is refused itself. */
    private void checkWritable(Path folder) throws IOException {
        for (Path written : List.of(folder, store.layout().staging())) {
            if (!Files.isWritable(written)) {
                throw new AccessDeniedException(written.toString());
            }
        }
    }

    private static void mark(RunInfo after, List<RunChange> changes, Json json) {
        Instant at = Instant.EPOCH;
        for (RunChange change : changes) {
            at = change instanceof RunChange.Deleted deleted ? deleted.at() : at;
        }
        RunJson.markDeleted(json, after.deleted(), at);
    }
}
