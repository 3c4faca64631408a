package io.mlops.core.registry;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelEvent;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.ModelDraft;
import io.mlops.core.artifact.LocalFiles;
import io.mlops.core.artifact.StoredArtifacts;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.PythonLeftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The registry over any backend. Thread-safe. */
public final class StoredRegistry implements ModelRegistry {
    private final Backend backend;
    private final RunLinks runs;
    private final InstantSource clock;
    private final String by;

    /**
     * A registry that keeps its models in the backend, which stays the caller's.
     *
     * @param by who does what is done through it
     */
    public StoredRegistry(Backend backend, RunLinks runs, InstantSource clock, String by) {
        this.backend = backend;
        this.runs = runs;
        this.clock = clock;
        this.by = by;
    }

    @Override
    public ModelVersion register(ModelSpec spec) {
        SortedMap<RelativePath, Content> files = files(spec);
        RunId run = spec.run();
        if (run != null) {
            runs.ensureStored(run);
        }
        String key = spec.key();
        ModelVersion version = backend.models()
                .create(new ModelDraft(
                        key == null ? UUID.randomUUID().toString() : key,
                        spec.model(),
                        files,
                        run,
                        spec.datasets(),
                        spec.parent(),
                        spec.signature(),
                        spec.description(),
                        spec.tags(),
                        by,
                        clock.instant()));
        if (run != null) {
            runs.produced(run, version.id());
        }
        return version;
    }

    @Override
    public Optional<ModelVersion> find(VersionReference version) {
        return backend.models().find(version);
    }

    @Override
    public Optional<Model> findModel(String name) {
        return backend.models().find(name);
    }

    @Override
    public Listing<Model> models() {
        return page -> backend.models().models(page);
    }

    @Override
    public Listing<ModelVersion> versions(String model) {
        return page -> backend.models().versions(model, page);
    }

    @Override
    public ModelEvent change(String model, ModelChange change) {
        return backend.models().change(model, change, by, clock.instant());
    }

    @Override
    public Listing<ModelEvent> history(String model) {
        return page -> backend.models().history(model, page);
    }

    @Override
    public Artifacts files(ModelVersionId version) {
        return new StoredArtifacts(backend.artifacts(), version);
    }

    private static SortedMap<RelativePath, Content> files(ModelSpec spec) {
        Path source = spec.files();
        SortedMap<RelativePath, Content> files = new TreeMap<>();
        if (Files.isRegularFile(source)) {
            Path file = source.toAbsolutePath();
            files.put(
                    FilePaths.below(Objects.requireNonNull(file.getParent(), "a file is in a folder"), file),
                    LocalFiles.file(file));
        } else {
            files.putAll(LocalFiles.below(source, PythonLeftovers::isOne));
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("folder " + source + " holds no file to register");
        }
        files.putIfAbsent(MlModelFile.NAME, MlModelFile.describe(files, spec.signature()));
        return files;
    }
}
