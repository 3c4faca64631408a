package io.mlops.core.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelLoader;
import io.mlops.api.registry.ModelServing;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.FileListDigest;
import io.mlops.core.artifact.StoredArtifacts;
import io.mlops.core.disk.WorkFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads models of any backend into this process. Thread-safe. */
public final class StoredServing implements ModelServing {
    private final Backend backend;
    private final InstantSource clock;
    private final Duration drainWithin;
    private final @Nullable Path workFolder;
    private final Progress progress;

    /**
     * Serves the models of a backend, which stays the caller's.
     *
     * @param drainWithin how long closing a handle waits for its calls
     * @param workFolder where the private folders are made; the JDK's temporary folder if null
     */
    public StoredServing(Backend backend, InstantSource clock, Duration drainWithin, @Nullable Path workFolder) {
        this(backend, clock, drainWithin, workFolder, Progress.none());
    }

    private StoredServing(
            Backend backend, InstantSource clock, Duration drainWithin, @Nullable Path workFolder, Progress progress) {
        this.backend = backend;
        this.clock = clock;
        this.drainWithin = drainWithin;
        this.workFolder = workFolder;
        this.progress = progress;
    }

    @Override
    public ModelServing progress(Progress listener) {
        return new StoredServing(backend, clock, drainWithin, workFolder, requireNonNull(listener, "listener"));
    }

    @Override
    public <M> ModelHandle<M> load(VersionReference reference, ModelLoader<M> loader) {
        ModelVersion version = new VersionLookup(backend).get(reference);
        PrivateFolder folder = PrivateFolder.below(workFolder);
        try {
            VerifiedFiles files = new VerifiedFiles(version, folder.path(), fetch(version, folder.path()));
            M model = load(files, loader);
            return new LeasedModel<>(model, loader, files, folder, clock.instant(), drainWithin);
        } catch (RuntimeException | Error e) {
            folder.delete();
            throw e;
        }
    }

    /** Copies every file, verified on the way; what the manifest does not name is never copied. */
    private List<ArtifactEntry> fetch(ModelVersion version, Path folder) {
        StoredArtifacts stored = new StoredArtifacts(backend.artifacts(), version.id()).progress(progress);
        List<ArtifactEntry> entries = new ArrayList<>();
        stored.list("").forEach(entries::add);
        boolean known = version.digest() != null && entries.stream().allMatch(entry -> entry.digest() != null);
        if (known && !FileListDigest.of(entries).equals(version.digest())) {
            throw new CorruptDataException(
                    "the files of model version " + version.id() + " do not add up to its digest " + version.digest()
                            + ": its manifest was changed after it was made",
                    null);
        }
        stored.download(entries, folder, "load " + version.id(), new WorkFolder(workFolder));
        return entries;
    }

    private static <M> M load(VerifiedFiles files, ModelLoader<M> loader) {
        try {
            M model = loader.load(files);
            if (model == null) {
                throw new RefusedException(
                        "the loader of model version " + files.version().id()
                                + " returned null, which is no model: return the model, or throw",
                        null);
            }
            return model;
        } catch (RuntimeException e) {
            throw e;
        } catch (LinkageError e) {
            checkCodeMayBeLoaded(files, e);
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new RefusedException(
                    "model version " + files.version().id() + " was refused by its loader: " + e.getMessage(), e);
        }
    }

    /** A library of the system fails where code may not be loaded from, with words that tell nothing. */
    private static void checkCodeMayBeLoaded(VerifiedFiles files, LinkageError why) {
        for (Path folder : List.of(files.folder(), Path.of(System.getProperty("java.io.tmpdir", "")))) {
            if (WorkFolder.forbidsCode(folder)) {
                throw new RefusedException(
                        "model version " + files.version().id() + " was refused by its loader: " + why.getMessage()
                                + ": "
                                + folder + " is mounted noexec, and no code may be loaded from there: set workFolder to"
                                + " a folder where it may, and java.io.tmpdir for libraries that unpack their own",
                        why);
            }
        }
    }

    @Override
    public String toString() {
        return "models served from " + backend.info().name();
    }
}
