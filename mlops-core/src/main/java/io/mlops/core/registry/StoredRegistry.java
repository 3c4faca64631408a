package io.mlops.core.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelSaver;
import io.mlops.api.registry.ModelSource;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelStore;
import io.mlops.core.artifact.ByteProgress;
import io.mlops.core.artifact.LocalFiles;
import io.mlops.core.artifact.StoredArtifacts;
import io.mlops.core.delivery.RunLinks;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry over any backend. Thread-safe. */
public final class StoredRegistry implements ModelRegistry {
    private static final int LINK_TRIES = 2;
    private static final Logger LOG = LoggerFactory.getLogger(StoredRegistry.class);

    private final Backend backend;
    private final VersionLookup lookup;
    private final RunLinks runs;
    private final InstantSource clock;
    private final String by;
    private final @Nullable Path workFolder;
    private final Progress progress;

    /**
     * A registry that keeps its models in the backend, which stays the caller's.
     *
     * @param by who does what is done through it
     * @param workFolder where the private folders are made that models are saved into; the JDK's temporary folder if null
     */
    public StoredRegistry(Backend backend, RunLinks runs, InstantSource clock, String by, @Nullable Path workFolder) {
        this(backend, runs, clock, by, workFolder, Progress.none());
    }

    private StoredRegistry(
            Backend backend,
            RunLinks runs,
            InstantSource clock,
            String by,
            @Nullable Path workFolder,
            Progress progress) {
        this.backend = backend;
        this.lookup = new VersionLookup(backend);
        this.runs = runs;
        this.clock = clock;
        this.by = by;
        this.workFolder = workFolder;
        this.progress = progress;
    }

    @Override
    public ModelRegistry progress(Progress listener) {
        return new StoredRegistry(backend, runs, clock, by, workFolder, requireNonNull(listener, "listener"));
    }

    @Override
    public ModelVersion register(ModelSpec spec) {
        ModelStore models = checkOrigin(spec);
        SortedMap<RelativePath, Content> files = new ModelFiles(backend.artifacts()).of(spec);
        RunId run = spec.run();
        ByteProgress reading = ByteProgress.ofFiles(progress, "register " + spec.model(), files.values());
        String key = spec.key();
        ModelVersion version = inStore(() -> models.create(new ModelDraft(
                key == null ? UUID.randomUUID().toString() : key,
                spec.model(),
                reading.counted(files),
                run,
                spec.datasets(),
                spec.parent(),
                spec.signature(),
                spec.description(),
                spec.tags(),
                by,
                clock.instant())));
        reading.finish();
        if (run != null) {
            link(run, version.id());
        }
        return version;
    }

    /** Refuses what needs no files to be refused: a place without models, a parent or a run that is not there. */
    private ModelStore checkOrigin(ModelSpec spec) {
        ModelStore models = backend.models();
        Integer number = spec.parent();
        if (number != null) {
            ModelVersionId parent = new ModelVersionId(spec.model(), number);
            if (models.find(parent).isEmpty()) {
                throw new NotFoundException("the parent " + parent + " is not there: "
                        + lookup.missing(parent).getMessage());
            }
        }
        RunId run = spec.run();
        if (run != null) {
            runs.ensureStored(run);
        }
        return models;
    }

    @Override
    public <X extends Exception> ModelVersion register(ModelSpec spec, ModelSaver<X> saver) throws X {
        requireNonNull(saver, "saver");
        if (spec.files() != null) {
            throw new IllegalArgumentException("the spec of " + spec.model()
                    + " names files, and so does what saves the model: write ModelSpec.of(\"…\") alone");
        }
        // Saving may take hours, after which nobody wants to hear of a typo.
        ModelStore unused = checkOrigin(spec);
        PrivateFolder folder = PrivateFolder.below(workFolder);
        try {
            saver.save(folder.path());
            if (LocalFiles.below(folder.path()).isEmpty()) {
                throw new IllegalArgumentException("nothing of " + spec.model()
                        + " was saved into the folder given, so that there is nothing to register");
            }
            return register(spec.files(new ModelSource.Local(folder.path())));
        } finally {
            folder.delete();
        }
    }

    /**
     * Tells the run of the version, and only warns if that fails: the version is there and names the run, so that an
     * exception would make callers register it again.
     */
    private void link(RunId run, ModelVersionId version) {
        for (int left = LINK_TRIES; left > 0; left--) {
            try {
                runs.produced(run, version);
                return;
            } catch (MlopsException | IllegalStateException e) {
                // An open run may have ended just now; then the store is told directly the next time.
                if (left == 1) {
                    LOG.warn(
                            "model version {} was registered and names run {} as its maker, but the run does not name"
                                    + " it among its outputs",
                            version,
                            run,
                            e);
                }
            }
        }
    }

    @Override
    public ModelVersion get(VersionReference version) {
        return lookup.get(version);
    }

    @Override
    public Optional<ModelVersion> find(VersionReference version) {
        return backend.models().find(version);
    }

    @Override
    public Optional<Model> findModel(String name) {
        Optional<Model> found = backend.models().find(name);
        if (found.isEmpty()) {
            VersionReference.findName(name).ifPresent(model -> {
                throw new IllegalArgumentException(
                        "'" + name + "' reads as a version and is the name of no model: ask for"
                                + " its model by findModel(\"" + model + "\"), for the version by find(…)");
            });
        }
        return found;
    }

    @Override
    public Listing<Model> models() {
        return Listing.of(toString(), page -> backend.models().models(page));
    }

    @Override
    public Listing<ModelVersion> versions(String model) {
        return Listing.of(
                "versions of model " + model + " in " + lookup.place(),
                page -> backend.models().versions(model, page));
    }

    @Override
    public void change(String model, ModelChange change) {
        backend.models().change(model, change);
    }

    @Override
    public AliasEvent move(AliasMove move) {
        if (move.target() != null) {
            // A move as stores have it may be of an alias that was made by an older rule, which can only be removed.
            Names.checkAlias(move.alias());
        }
        return inStore(() -> backend.models().move(move, by, clock.instant()));
    }

    /** Does what needs the store itself. */
    private <T> T inStore(Supplier<T> step) {
        try {
            return step.get();
        } catch (BackendUnavailableException e) {
            String way = runs.whenAway();
            throw way.isEmpty() ? e : new BackendUnavailableException(e.getMessage() + way, e.maybeDone(), e);
        }
    }

    @Override
    public AliasEvent rollback(String alias, String reason) {
        AliasMove asked = AliasMove.remove(alias);
        AliasWay way = AliasWay.of(asked.name(), asked.alias(), history(asked.name()));
        if (way.isEmpty()) {
            throw lookup.missing(new VersionReference.Aliased(asked.name(), asked.alias()));
        }
        return move(way.back(reason));
    }

    @Override
    public Listing<AliasEvent> history(String model) {
        return Listing.of(
                "moves of the aliases of model " + model + " in " + lookup.place(),
                page -> backend.models().history(model, page));
    }

    @Override
    public Artifacts files(ModelVersionId version) {
        return new StoredArtifacts(backend.artifacts(), version).progress(progress);
    }

    @Override
    public String toString() {
        return "models in " + lookup.place();
    }
}
