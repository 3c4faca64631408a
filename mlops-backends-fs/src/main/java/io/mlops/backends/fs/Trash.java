package io.mlops.backends.fs;

import io.mlops.api.common.MlopsException;
import io.mlops.backends.fs.index.RunIndexes;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder of deleted runs and experiments until they are purged, out of the sight of TensorBoard. All that lies
 * there is marked as deleted in its own file; a crash may leave something marked outside, which is deleted as well.
 * Thread-safe.
 */
final class Trash {
    /** Number of runs that one call deletes, so that a purge can tell how far it is. */
    private static final int STEP = 20;

    /** A reader of the time at which a document says that its thing was deleted; null if it is not. */
    @FunctionalInterface
    private interface DeletionTime {
        @Nullable
        Instant of(Json document);
    }

    private final Store store;
    private final RunIndexes indexes;

    Trash(Store store, RunIndexes indexes) {
        this.store = store;
        this.indexes = indexes;
    }

    /**
     * Moves a folder into the trash or out of it, in one step and durable on return: renamed, both folders synced. If
     * it is there already, the syncs are done again, since an earlier try may have failed before them.
     */
    void move(Path from, Path to) throws IOException {
        Path target = Disk.folderOf(to);
        boolean made = false;
        for (Path folder : new Path[] {store.layout().trash(), Disk.folderOf(target), target}) {
            made |= store.disk().makeFolder(folder);
        }
        // What is moved must not be in a folder whose own name a power cut takes away.
        store.anchor(target, made);
        if (!from.equals(to) && !store.disk().claimFolder(from, to)) {
            throw new IOException(to + " is in the way of " + from + ": move one of them away");
        }
        store.disk().syncFolder(target);
        store.disk().syncFolder(Disk.folderOf(from));
    }

    /**
     * Deletes at most {@link #STEP} of the runs that were marked as deleted before a time; returns how many are left.
     */
    long purgeRuns(Instant deletedBefore) throws IOException {
        long left = 0;
        List<Path> gone = new ArrayList<>();
        Path all = store.layout().deletedRuns();
        for (String experiment : store.disk().names(all)) {
            Path folder = all.resolve(experiment);
            int before = gone.size();
            for (String name : store.disk().names(folder)) {
                Path run = folder.resolve(name);
                if (!isOlder(run.resolve(Layout.RUN), RunJson::deletedAt, deletedBefore)) {
                    continue;
                }
                if (gone.size() < STEP) {
                    store.lock()
                            .in(
                                    "run " + name,
                                    () -> stageIfDoomed(
                                            run,
                                            () -> isOlder(run.resolve(Layout.RUN), RunJson::deletedAt, deletedBefore),
                                            gone));
                } else {
                    left++;
                }
            }
            // Also for an earlier purge, which may have come no further than the rename.
            store.disk().syncFolder(folder);
            if (gone.size() > before) {
                // It may tell of runs from before they were deleted.
                indexes.discard(store.layout().experiments().resolve(experiment));
            }
        }
        delete(gone);
        return left;
    }

    /** Deletes one of the experiments that were marked as deleted before a time; returns how many are left. */
    long purgeExperiments(Instant deletedBefore) throws IOException {
        long left = 0;
        List<Path> gone = new ArrayList<>();
        Path all = store.layout().deletedExperiments();
        for (String name : store.disk().names(all)) {
            Path experiment = all.resolve(name);
            Path document = experiment.resolve(Layout.EXPERIMENT);
            if (!isOlder(document, ExperimentJson::deletedAt, deletedBefore)) {
                continue;
            }
            if (gone.isEmpty()) {
                Path runs = store.layout().deletedRuns().resolve(name);
                stageIfDoomed(runs, () -> !store.disk().names(runs).isEmpty(), gone);
                stageIfDoomed(experiment, () -> isOlder(document, ExperimentJson::deletedAt, deletedBefore), gone);
            } else {
                left++;
            }
        }
        for (Path purged : new Path[] {all, store.layout().deletedRuns()}) {
            if (Files.isDirectory(purged)) {
                store.disk().syncFolder(purged);
            }
        }
        delete(gone);
        return left;
    }

    /**
     * Moves a folder out of the trash into staging if it is still to be deleted, in one step, so that no process
     * restores a part of it.
     */
    private void stageIfDoomed(Path folder, Disk.Step<Boolean> isDoomed, List<Path> gone) throws IOException {
        boolean doomed = isDoomed.run();
        Path staged = store.staging().place();
        if (doomed && store.disk().claimFolder(folder, staged)) {
            gone.add(staged);
        }
    }

    /**
     * Deletes staged folders. The caller has synced the folders they came from: a power cut must not bring back parts.
     */
    private void delete(List<Path> gone) throws IOException {
        for (Path staged : gone) {
            store.disk().deleteTree(staged);
        }
    }

    private boolean isOlder(Path document, DeletionTime deletionTime, Instant time) throws IOException {
        try {
            Json json = store.documents().find(document);
            Instant deleted = json == null ? null : deletionTime.of(json);
            return deleted != null && deleted.isBefore(time);
        } catch (MlopsException e) {
            store.damage().unreadable(document, e);
            return false;
        }
    }
}
