package io.mlops.backends.fs;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.backends.fs.index.RunIndexes;
import io.mlops.backends.fs.store.Store;
import io.mlops.backends.fs.version.Versions;
import io.mlops.core.codec.JacksonVersion;
import io.mlops.core.disk.Disk;
import java.nio.file.Path;
import java.util.EnumSet;

/**
 * A backend that keeps everything in a folder of a local file system, which it calls a store. Any number of threads and
 * processes may use one store at a time. Thread-safe.
 */
public final class FsBackend implements Backend {
    private final Store store;
    private final FsExperimentStore experiments;
    private final FsRunStore runs;
    private final FsArtifactStore artifacts;
    private final FsModelStore models;

    private FsBackend(Store store) {
        this.store = store;
        ExperimentFolders experimentFolders = new ExperimentFolders(store);
        RunFolders folders = new RunFolders(store, experimentFolders);
        RunIndexes indexes = new RunIndexes(store, folders::readIfSound);
        Trash trash = new Trash(store);
        Purge purge = new Purge(store, experimentFolders, indexes);
        this.experiments = new FsExperimentStore(store, experimentFolders, trash, purge);
        Versions<ModelVersion> versions = new Versions<>(store, new ModelKind(store.layout()));
        this.runs = new FsRunStore(store, folders, experiments, indexes, trash, purge);
        this.artifacts = new FsArtifactStore(store, folders, versions);
        this.models = new FsModelStore(store, versions, folders);
    }

    /**
     * Opens the store in a folder. In a new or empty one the first write makes it, and until then every search is empty. A
     * store on a read-only disk opens, too.
     *
     * @throws NotFoundException if the folder above it is missing
     * @throws ConflictException if a file is there, or a folder that is no store and not empty
     * @throws RefusedException if it was written by a newer version that this one cannot read, or permissions are missing
     */
    public static FsBackend at(Path folder) {
        return at(folder, new Disk());
    }

    static FsBackend at(Path folder, Disk disk) {
        JacksonVersion.check();
        return new FsBackend(Store.open(folder, disk));
    }

    @Override
    public BackendInfo info() {
        return new BackendInfo(store.layout().address(), EnumSet.allOf(Capability.class));
    }

    @Override
    public boolean exists() {
        return store.exists();
    }

    @Override
    public ExperimentStore experiments() {
        return experiments;
    }

    @Override
    public RunStore runs() {
        return runs;
    }

    @Override
    public ArtifactStore artifacts() {
        return artifacts;
    }

    @Override
    public ModelStore models() {
        return models;
    }

    @Override
    public void close() {
        runs.close();
        store.close();
    }
}
