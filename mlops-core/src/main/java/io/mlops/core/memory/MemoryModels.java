package io.mlops.core.memory;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelStore;
import io.mlops.core.query.NotFound;
import io.mlops.core.query.Pages;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Models in memory. Thread-safe. */
final class MemoryModels implements ModelStore {
    private final Faults faults;
    private final MemoryArtifacts artifacts;
    private final Map<String, MemoryModel> byName = new ConcurrentHashMap<>();

    MemoryModels(Faults faults, MemoryArtifacts artifacts) {
        this.faults = faults;
        this.artifacts = artifacts;
    }

    @Override
    public ModelVersion create(ModelDraft draft) {
        faults.check("create a version of model " + draft.model());
        MemoryModel model = byName.computeIfAbsent(draft.model(), name -> new MemoryModel(name, draft.created()));
        return model.create(draft, id -> artifacts.store(id, draft.files()));
    }

    @Override
    public Optional<Model> find(String model) {
        faults.check("find model " + model);
        return Optional.ofNullable(byName.get(model))
                .filter(MemoryModel::hasVersions)
                .map(MemoryModel::model);
    }

    @Override
    public Optional<ModelVersion> find(VersionReference version) {
        faults.check("find model version " + version);
        return Optional.ofNullable(byName.get(version.name())).flatMap(model -> model.find(version));
    }

    @Override
    public Page<Model> models(PageRequest page) {
        faults.check("list models");
        List<Model> models = byName.values().stream()
                .filter(MemoryModel::hasVersions)
                .map(MemoryModel::model)
                .toList();
        return Pages.byName(models, Model::name, page);
    }

    @Override
    public Page<ModelVersion> versions(String model, PageRequest page) {
        faults.check("list the versions of model " + model);
        return Pages.newestFirst(get(model).versions(), ModelVersion::number, page);
    }

    @Override
    public void change(String model, ModelChange change) {
        faults.check("change model " + model);
        get(model).change(change);
    }

    @Override
    public AliasEvent move(AliasMove move, String by, Instant at) {
        faults.check("move alias " + move.name() + "@" + move.alias());
        return get(move.name()).move(move, by, at);
    }

    @Override
    public Page<AliasEvent> history(String model, PageRequest page) {
        faults.check("read the history of model " + model);
        return get(model).history(page);
    }

    private MemoryModel get(String name) {
        MemoryModel model = byName.get(name);
        if (model == null || !model.hasVersions()) {
            List<String> names = byName.entrySet().stream()
                    .filter(known -> known.getValue().hasVersions())
                    .map(Map.Entry::getKey)
                    .toList();
            throw NotFound.model(name, MemoryBackend.NAME, names);
        }
        return model;
    }

    /** Keeps the files of a version that is being made. */
    @FunctionalInterface
    interface Files {
        List<ArtifactEntry> store(ModelVersionId id);
    }
}
