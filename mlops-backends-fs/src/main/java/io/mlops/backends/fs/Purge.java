package io.mlops.backends.fs;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.index.RunIndexes;
import io.mlops.backends.fs.index.RunRecord;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The removal for good of what is marked as deleted, wherever it lies. What cannot be removed does not keep anything
 * else from being. Thread-safe.
 */
final class Purge {
    /** Number of runs that one step removes at least, so that a purge can tell how far it is. */
    private static final int STEP = 20;

    /** A reader of the time at which a document says that its thing was deleted; null if it is not. */
    @FunctionalInterface
    private interface DeletionTime {
        @Nullable
        Instant of(Json document);
    }

    private final Store store;
    private final ExperimentFolders experiments;
    private final RunIndexes indexes;

    Purge(Store store, ExperimentFolders experiments, RunIndexes indexes) {
        this.store = store;
        this.experiments = experiments;
        this.indexes = indexes;
    }

    /** Removes some of what was deleted before a time; as many runs as take as long as looking for them did. */
    PurgeStep step(Instant deletedBefore) throws IOException {
        long began = System.nanoTime();
        List<Path> doomed = doomedExperiments(deletedBefore);
        List<Path> runs = doomedRuns(deletedBefore, new LinkedHashSet<>(doomed));
        long until = 2 * System.nanoTime() - began;
        Removal removal = new Removal(store);
        int tried = 0;
        while (tried < runs.size() && (removal.runs() < STEP || System.nanoTime() - until < 0)) {
            List<Path> some = runs.subList(tried, Math.min(runs.size(), tried + STEP));
            removeRuns(some, deletedBefore, removal);
            tried += some.size();
        }
        long left = runs.size() - tried + removal.failed();
        if (left == removal.failed() && !doomed.isEmpty()) {
            int done = removeExperiment(doomed, deletedBefore, removal);
            left = removal.failed() + doomed.size() - done;
        } else {
            left += doomed.size();
        }
        if (left == removal.failed()) {
            syncTrash(removal);
        }
        removal.throwIfNothingElseIsLeft(left);
        return new PurgeStep(removal.removed(), left);
    }

    /** Removes a run, deleted or not; does nothing if another process removes or moves it. */
    void discard(RunId run, Path folder) throws IOException {
        Removal removal = new Removal(store);
        try {
            store.lock().in("run " + run, () -> takeAway(folder, Layout.RUN, removal));
        } catch (NoSuchFileException moved) {
            return;
        }
        finish(Disk.folderOf(folder), removal);
        removal.deleteStaged(1);
    }

    /** Makes it durable that runs are gone, from whichever experiment. */
    void syncRuns() throws IOException {
        List<Path> all = new ArrayList<>(experiments.active());
        all.addAll(experiments.trashed());
        for (Path experiment : all) {
            store.disk().syncFolder(experiment);
        }
    }

    /** Makes it durable that runs are gone from a folder. */
    private void finish(Path experiment, Removal removal) throws IOException {
        removal.sync(experiment);
        // It may tell of runs from before they were deleted.
        indexes.discard(store.layout().experiments().resolve(experiment.getFileName()));
    }

    /** Makes the renames of an earlier purge durable, too, which may have come no further. */
    private void syncTrash(Removal removal) throws IOException {
        List<Path> changed = new ArrayList<>(experiments.trashedRuns());
        changed.add(store.layout().deletedRuns());
        changed.add(store.layout().deletedExperiments());
        for (Path folder : changed) {
            if (Files.isDirectory(folder)) {
                removal.sync(folder);
            }
        }
    }

    private List<Path> doomedExperiments(Instant deletedBefore) throws IOException {
        List<Path> unused = folders(store.layout().deletedExperiments());
        List<Path> doomed = new ArrayList<>();
        for (Path experiment : experiments.all()) {
            if (isDoomed(experiment, Layout.EXPERIMENT, ExperimentJson::deletedAt, deletedBefore)) {
                doomed.add(experiment);
            }
        }
        return doomed;
    }

    private List<Path> doomedRuns(Instant deletedBefore, Set<Path> doomedExperiments) throws IOException {
        List<Path> marked = new ArrayList<>();
        for (Path experiment : folders(store.layout().deletedRuns())) {
            marked.addAll(folders(experiment));
        }
        for (Path experiment : experiments.all()) {
            if (!doomedExperiments.contains(experiment)) {
                addMarked(experiment, marked);
            }
        }
        return marked.stream()
                .filter(run -> isDoomed(run, Layout.RUN, RunJson::deletedAt, deletedBefore))
                .toList();
    }

    /** Adds the runs of an experiment that are marked and were not moved: their process died, or their disk cannot. */
    private void addMarked(Path experiment, List<Path> marked) throws IOException {
        RunIndexes.Snapshot runs = indexes.snapshot(experiment);
        for (RunRecord record : runs.records()) {
            if (record.deleted()) {
                marked.add(record.path());
            }
        }
        for (RunInfo run : runs.others()) {
            if (run.deleted()) {
                marked.add(Layout.run(experiment, run.id()));
            }
        }
    }

    /** Lists the folders in one; tells of what people and their programs left among them, and leaves it alone. */
    private List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            if (Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
                store.damage().stray(parent);
            }
            return List.of();
        }
        List<Path> folders = new ArrayList<>();
        for (String name : store.disk().names(parent)) {
            if (Files.isDirectory(parent.resolve(name))) {
                folders.add(parent.resolve(name));
            } else {
                store.damage().stray(parent.resolve(name));
            }
        }
        return folders;
    }

    private void removeRuns(List<Path> runs, Instant deletedBefore, Removal removal) throws IOException {
        Set<Path> from = new LinkedHashSet<>();
        for (Path run : runs) {
            removal.attempt(() -> {
                Json json = store.documents().find(run.resolve(Layout.RUN));
                String lock = "run " + (json == null ? run.getFileName() : json.text("id"));
                store.lock().in(lock, () -> {
                    if (isDoomed(run, Layout.RUN, RunJson::deletedAt, deletedBefore)) {
                        takeAway(run, Layout.RUN, removal);
                    }
                });
            });
            from.add(Disk.folderOf(run));
        }
        for (Path experiment : from) {
            finish(experiment, removal);
        }
        removal.deleteStaged(1);
    }

    /** Removes the first of these experiments that can be; returns how many were tried without failure. */
    private int removeExperiment(List<Path> doomed, Instant deletedBefore, Removal removal) throws IOException {
        for (Path experiment : doomed) {
            long failed = removal.failed();
            removal.attempt(() -> {
                store.lock().in(FsExperimentStore.LOCK, () -> {
                    if (isDoomed(experiment, Layout.EXPERIMENT, ExperimentJson::deletedAt, deletedBefore)) {
                        takeAwayWithRuns(experiment, removal);
                    }
                });
                removal.deleteStaged(2);
            });
            if (removal.failed() == failed) {
                return doomed.indexOf(experiment) + 1;
            }
        }
        return doomed.size();
    }

    private void takeAwayWithRuns(Path experiment, Removal removal) throws IOException {
        Path runs = store.layout().deletedRuns().resolve(experiment.getFileName());
        if (Files.isDirectory(runs, LinkOption.NOFOLLOW_LINKS)) {
            takeAway(runs, Layout.EXPERIMENT, removal);
        }
        takeAway(experiment, Layout.EXPERIMENT, removal);
        for (Path purged : new Path[] {Disk.folderOf(experiment), store.layout().deletedRuns()}) {
            if (Files.isDirectory(purged)) {
                removal.sync(purged);
            }
        }
    }

    /**
     * Moves a folder into staging in one step, so that no process restores a part of it. One that its disk cannot rename
     * is removed where it lies, after a mark that nobody may restore it any more.
     *
     * @param document the name of the file that makes the folder what it is
     */
    private void takeAway(Path folder, String document, Removal removal) throws IOException {
        store.links().check(Disk.folderOf(folder));
        Path staged = store.staging().place();
        try {
            if (store.disk().claimFolder(folder, staged)) {
                removal.staged(folder, staged);
            }
        } catch (AtomicMoveNotSupportedException e) {
            markAsPurging(folder.resolve(document));
            removal.deleteInPlace(folder, document);
        }
    }

    private void markAsPurging(Path document) throws IOException {
        Json json = store.documents().find(document);
        if (json != null) {
            try {
                store.documents().replace(document, Format.markPurging(json));
            } catch (AtomicMoveNotSupportedException e) {
                // It lies on another disk than all else of the store, and was put there by hand.
                store.damage().staysInSight(document, e);
            }
        }
    }

    private boolean isDoomed(Path folder, String document, DeletionTime deletionTime, Instant time) {
        Path file = folder.resolve(document);
        try {
            Json json = store.documents().find(file);
            Instant deleted = json == null ? null : deletionTime.of(json);
            return deleted != null && deleted.isBefore(time);
        } catch (MlopsException | IOException e) {
            store.damage().unreadable(file, e);
            return false;
        }
    }
}
