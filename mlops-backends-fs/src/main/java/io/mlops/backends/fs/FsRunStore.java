package io.mlops.backends.fs;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.backends.fs.event.MetricHistory;
import io.mlops.backends.fs.event.RunWriters;
import io.mlops.backends.fs.event.WrittenPoints;
import io.mlops.backends.fs.index.RunIndexes;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The run store on files, a folder for each run: {@code run.json} is replaced whole, event files are appended to.
 * Thread-safe.
 */
final class FsRunStore implements RunStore {
    private final Store store;
    private final RunFolders folders;
    private final FsExperimentStore experiments;
    private final RunWriters writers;
    private final RunUpdate update;
    private final MetricHistory history;
    private final WrittenPoints written;
    private final Purge purge;
    private final RunSearches searches;
    private final Environments environments;

    FsRunStore(
            Store store,
            RunFolders folders,
            FsExperimentStore experiments,
            RunIndexes indexes,
            Trash trash,
            Purge purge) {
        this.store = store;
        this.folders = folders;
        this.experiments = experiments;
        this.writers = new RunWriters(store, folders::toWrite);
        this.environments = new Environments(store);
        this.update = new RunUpdate(store, folders, writers, indexes, trash, environments);
        this.history = new MetricHistory(store);
        this.written = new WrittenPoints(store, history);
        this.purge = purge;
        this.searches = new RunSearches(store, folders, indexes);
    }

    @Override
    public RunInfo create(RunDraft draft) {
        return store.make("create run " + draft.id(), store.layout().experiments(), () -> {
            Path there = folders.findWhole(draft.id());
            if (there == null) {
                there = make(draft);
            } else {
                // The process that made it may have failed, or died, before its name was durable.
                store.disk().syncFolder(Disk.folderOf(there));
            }
            Path folder = there;
            return folders.read(folder)
                    .orElseThrow(() -> new NotFoundException("run " + draft.id() + " is gone again"));
        });
    }

    /**
     * Makes a run with two syncs, of its file and of the experiment's folder. The file's name is durable with the first
     * change; until then a power cut may take the run away, but leaves no half of it.
     */
    private Path make(RunDraft draft) throws IOException {
        Path experiment = experimentOf(draft);
        Path folder = Layout.run(experiment, draft.id());
        Json json = Format.stamp(Json.object());
        RunJson.write(draft.begun(draft.id().value()), json);
        RunJson.putOwner(json, store.owners().self());
        store.links().check(folder);
        store.disk().makeFolder(folder);
        if (!claim(folder, json) && folders.document(folder) == null) {
            // A copy of the store came no further than an empty file.
            store.documents().replace(folder.resolve(Layout.RUN), json);
        }
        store.disk().syncFolder(experiment);
        folders.remember(draft.id(), folder);
        return folder;
    }

    private boolean claim(Path folder, Json json) throws IOException {
        Path file = folder.resolve(Layout.RUN);
        try {
            return store.documents().claimLater(file, json);
        } catch (NoSuchFileException taken) {
            // The folder was left behind by a dead process, and somebody just removed it as that.
            store.disk().makeFolder(folder);
            return store.documents().claimLater(file, json);
        }
    }

    private Path experimentOf(RunDraft draft) throws IOException {
        try {
            return experiments.ensureFolder(draft.experiment(), draft.started());
        } catch (CorruptDataException e) {
            // A run is worth more than the file that tells its experiment's name.
            Path folder = store.layout().experiment(draft.experiment());
            store.damage().unreadable(folder.resolve(Layout.EXPERIMENT), e);
            return folder;
        }
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        return store.read("find run " + run, store.layout().experiments(), () -> {
            if (folders.find(run) == null) {
                return Optional.empty();
            }
            try {
                return folders.reading(run, folders::read);
            } catch (NotFoundException purgedMeanwhile) {
                return Optional.empty();
            }
        });
    }

    @Override
    public RunInfo get(RunId run) {
        return store.read(
                "find run " + run,
                store.layout().experiments(),
                () -> folders.reading(run, folders::read).orElseThrow(() -> folders.notFound(run)));
    }

    @Override
    public void change(RunId run, List<RunChange> changes) {
        store.change(
                "change run " + run,
                store.layout().experiments(),
                () -> orCloseIdle(() -> {
                    update.apply(run, folders.get(run), changes);
                    return true;
                }));
    }

    @Override
    public long append(RunId run, MetricBatch batch) {
        return store.write(
                "append to run " + run,
                store.layout().experiments(),
                () -> orCloseIdle(() -> writers.append(run, batch)));
    }

    @Override
    public long missing(RunId run, String writer) {
        return writers.missing(run, writer);
    }

    @Override
    public Page<MetricPoint> history(RunId run, String metric, PageRequest page) {
        return store.read(
                "read the history of '" + metric + "' in run " + run,
                store.layout().experiments(),
                () -> folders.reading(run, folder -> history.page(folder, metric, page)));
    }

    @Override
    public SortedMap<String, Long> written(RunId run) {
        return store.read(
                "count the points of run " + run,
                store.layout().experiments(),
                () -> folders.reading(run, written::count));
    }

    @Override
    public MetricBatch read(RunId run, String writer, long offset, int limit) {
        return store.read(
                "read the points of run " + run,
                store.layout().experiments(),
                () -> folders.reading(run, folder -> written.read(folder, writer, offset, limit)));
    }

    @Override
    public void discard(RunId run) {
        if (store.exists()) {
            store.change("discard run " + run, store.layout().experiments(), () -> removeAll(run));
        }
    }

    /** Removes a run from wherever it lies; another process may move it meanwhile. */
    private void removeAll(RunId run) throws IOException {
        Path before = null;
        Path folder = folders.find(run);
        while (folder != null && !folder.equals(before)) {
            // Before the files go: whoever holds one open keeps it from being removed on Windows.
            update.forget(run);
            purge.discard(run, folder);
            written.forget(folder);
            folders.forget(run);
            before = folder;
            folder = folders.find(run);
        }
        if (before == null) {
            // An earlier try may have come no further than the rename.
            purge.syncRuns();
        }
        update.forget(run);
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return store.read("read the environment of run " + run, store.layout().experiments(), () -> {
            return folders.reading(run, folder -> Optional.ofNullable(environments.of(folders.document(run, folder))));
        });
    }

    @Override
    public Page<RunInfo> search(RunQuery query, PageRequest page) {
        return searches.page(query, page);
    }

    @Override
    public Iterator<RunInfo> searchAll(RunQuery query) {
        return searches.all(query);
    }

    /**
     * Runs a step; if it fails, closes idle files, since the process may have too many open, so that a retry finds
     * room.
     */
    private <T> T orCloseIdle(Disk.Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException e) {
            writers.closeIdle();
            throw e;
        }
    }

    void close() {
        writers.close();
    }
}
