package io.mlops.backends.fs;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.ExperimentState;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Purged;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.query.ExperimentSearch;
import io.mlops.core.query.NotFound;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The experiment store on files, a folder for each experiment. Changes run under one lock of all processes, so that no
 * name is taken twice. Thread-safe.
 */
final class FsExperimentStore implements ExperimentStore {
    static final String LOCK = "experiments";

    private final Store store;
    private final ExperimentFolders folders;
    private final Trash trash;
    private final Purge purge;

    FsExperimentStore(Store store, ExperimentFolders folders, Trash trash, Purge purge) {
        this.store = store;
        this.folders = folders;
        this.trash = trash;
        this.purge = purge;
    }

    @Override
    public Experiment ensure(String name, Instant at) {
        Names.checkName("experiment", name);
        return store.make("make experiment " + name, store.layout().experiments(), () -> {
            Path folder = ensureFolder(name, at);
            return requireNonNull(folders.at(folder), "just made");
        });
    }

    /** Returns the folder of an experiment, made if it is missing; its names are durable on return. */
    Path ensureFolder(String name, Instant at) throws IOException {
        Path there = folders.find(name);
        boolean made = there == null;
        if (there == null) {
            there = store.lock().in(LOCK, () -> make(name, at));
        }
        Experiment experiment = folders.at(there);
        if (experiment != null && experiment.deleted()) {
            throw new ConflictException("experiment '" + name + "' is deleted: restore it, or choose another name");
        }
        store.anchor(there.resolve(Layout.EXPERIMENT), made);
        return there;
    }

    private Path make(String name, Instant at) throws IOException {
        Path made = folders.find(name);
        if (made != null) {
            return made;
        }
        Path folder = folders.free(name);
        store.links().check(folder);
        store.disk().makeFolder(store.layout().experiments());
        store.disk().makeFolder(folder);
        Json json = Format.stamp(Json.object());
        ExperimentJson.write(new Experiment(name, folder.getFileName().toString(), at, at, Map.of(), false), json);
        boolean unused = store.documents().claimLater(folder.resolve(Layout.EXPERIMENT), json);
        return folder;
    }

    @Override
    public Optional<Experiment> find(String name) {
        return store.read("find experiment " + name, store.layout().experiments(), () -> {
            Path folder = folders.find(name);
            Experiment found = folder == null ? null : folders.at(folder);
            if (folder != null && found == null) {
                // Another process just moved it.
                folder = folders.find(name);
                found = folder == null ? null : folders.at(folder);
            }
            return Optional.ofNullable(found);
        });
    }

    @Override
    public Page<Experiment> search(String filter, Visibility visibility, PageRequest page) {
        ExperimentSearch search = ExperimentSearch.of(filter, visibility);
        return store.read("search experiments", store.layout().experiments(), () -> {
            List<Experiment> found = new ArrayList<>();
            for (Path folder : folders.all()) {
                Experiment experiment = folders.atIfSound(folder);
                if (experiment != null) {
                    found.add(experiment);
                }
            }
            return search.page(found, page);
        });
    }

    @Override
    public void change(String name, ExperimentChange change, Instant at) {
        store.change(
                "change experiment " + name,
                store.layout().experiments(),
                () -> store.lock().in(LOCK, () -> changeLocked(name, change, at)));
    }

    private void changeLocked(String name, ExperimentChange change, Instant at) throws IOException {
        Path folder = folders.find(name);
        Experiment before = folder == null ? null : folders.at(folder);
        if (folder == null || before == null) {
            throw notFound(name);
        }
        check(before, folder, change);
        Experiment after = ExperimentState.of(before).apply(change, at).experiment();
        Path active = store.layout().experiments().resolve(before.storeId());
        if (before.deleted() && !after.deleted()) {
            // First out of the trash, then without the mark: what lies in the trash is always marked.
            checkRestorable(folder, name);
            trash.show(folder, active, Layout.EXPERIMENT);
            trash.removeLeftover(folders.inTrash(active), Layout.EXPERIMENT);
            folder = active;
        }
        if (after.equals(before)) {
            // An earlier try may have come no further than the rename.
            store.disk().syncFolder(folder);
        } else {
            rewrite(folder.resolve(Layout.EXPERIMENT), after, at);
        }
        if (after.deleted()) {
            Path unused = trash.hide(folder, folders.inTrash(active));
        }
    }

    private void checkRestorable(Path folder, String name) throws IOException {
        Json json = store.documents().find(folder.resolve(Layout.EXPERIMENT));
        if (json != null && Format.isPurging(json)) {
            throw new ConflictException(
                    "experiment '" + name + "' cannot be restored, since a purge has begun to remove it: purge again");
        }
    }

    private NotFoundException notFound(String name) throws IOException {
        if (!store.exists()) {
            return NotFound.store("experiment '" + name + "'", store.layout().address());
        }
        List<String> there = new ArrayList<>();
        for (Path folder : folders.all()) {
            Experiment experiment = folders.atIfSound(folder);
            if (experiment != null) {
                there.add(experiment.name());
            }
        }
        return NotFound.experiment(name, store.layout().address(), there);
    }

    private void check(Experiment before, Path folder, ExperimentChange change) throws IOException {
        if (change instanceof ExperimentChange.Renamed renamed) {
            Path other = folders.find(renamed.name());
            if (other != null && !other.equals(folder)) {
                throw new ConflictException("experiment '" + before.name() + "' cannot be renamed: there is an"
                        + " experiment '" + renamed.name() + "' already, in " + other);
            }
        } else if (change instanceof ExperimentChange.Deleted && !before.deleted()) {
            for (String name : store.disk().names(folder)) {
                Json run = Layout.isRun(name)
                        ? store.documents().find(folder.resolve(name).resolve(Layout.RUN))
                        : null;
                if (run != null) {
                    RunState.of(RunJson.read(run, before.name())).checkDeletable();
                }
            }
        } else if (!(change instanceof ExperimentChange.Deleted
                || change instanceof ExperimentChange.Restored
                || change instanceof ExperimentChange.Tagged
                || change instanceof ExperimentChange.Untagged
                || change instanceof ExperimentChange.Described)) {
            throw new IllegalStateException("no case for " + change.getClass().getName());
        }
    }

    private void rewrite(Path file, Experiment after, Instant at) throws IOException {
        Json json = requireNonNull(store.documents().find(file), "just read");
        Format.checkWritable(json);
        ExperimentJson.write(after, json);
        ExperimentJson.markDeleted(json, after.deleted(), at);
        store.documents().replace(file, json);
    }

    @Override
    public PurgeStep purge(Instant deletedBefore) {
        if (!store.exists()) {
            return new PurgeStep(Purged.NOTHING, 0);
        }
        return store.write("purge what was deleted", store.layout().trash(), () -> purge.step(deletedBefore));
    }
}
