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
 * Where deleted runs and experiments lie until they are purged, out of the sight of TensorBoard. Whatever lies there is
 * marked as deleted in its own file; what a crash left marked outside is deleted as well. Thread-safe.
 */
final class Trash {
    /** So many at a time, so that a purge can tell how far it is. */
    private static final int STEP = 20;

    /** Tells when what a document is about was deleted; null if it is not. */
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
     * Moves a folder into the trash or out of it: renamed, both folders synced. If it is there already, an earlier try
     * may have failed to sync: that is done again.
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

    /** Removes some of the runs that were deleted before then; returns how many are left. */
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
                                    () -> takeAway(
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

    /** Removes one of the experiments that were deleted before then; returns how many are left. */
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
                takeAway(runs, () -> !store.disk().names(runs).isEmpty(), gone);
                takeAway(experiment, () -> isOlder(document, ExperimentJson::deletedAt, deletedBefore), gone);
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

    /** Out of its place in one step, so that nobody ever restores a part. */
    private void takeAway(Path folder, Disk.Step<Boolean> still, List<Path> gone) throws IOException {
        boolean doomed = still.run();
        Path staged = store.staging().place();
        if (doomed && store.disk().claimFolder(folder, staged)) {
            gone.add(staged);
        }
    }

    /** Once it is gone for good: a power cut must not bring it back in parts. */
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
