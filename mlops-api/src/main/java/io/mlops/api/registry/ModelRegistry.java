package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.VersionReference;
import java.util.Optional;

/**
 * Catalogue of models and their immutable versions. Every write is on stable storage when it returns, and throws if it
 * cannot be. Thread-safe.
 */
public interface ModelRegistry {
    /**
     * Makes the next version of a model, and the model if need be.
     *
     * @throws NotFoundException if there is no such file, folder or run
     * @throws RefusedException if a folder holds a link or something else that is no file
     * @throws IllegalArgumentException if a folder holds no file
     */
    ModelVersion register(ModelSpec spec);

    /** The version that the reference names now. */
    Optional<ModelVersion> find(VersionReference version);

    /** All models, by name. */
    Listing<Model> models();

    /**
     * The versions of a model, newest first.
     *
     * @throws NotFoundException if there is no such model
     */
    Listing<ModelVersion> versions(String model);

    /**
     * Moves an alias: {@code move(AliasMove.of("churn@champion", v.id()).expecting(6).because("AUC +0.02"))}.
     *
     * @return what the history shows from now on
     * @throws NotFoundException if the version does not exist
     * @throws ConflictException if the alias points elsewhere than expected, naming where
     */
    AliasEvent move(AliasMove move);

    /** Who moved which alias, when and why, newest first. */
    Listing<AliasEvent> history(String model);

    /**
     * Changes what may change about a model or version, of which only the latest value is kept.
     *
     * @throws NotFoundException if there is no such model or version
     */
    void change(String model, ModelChange change);

    /** The version's files, read-only. */
    Artifacts files(ModelVersionId version);

    /** The same, telling a listener how many bytes of a model are registered, unless it never tells. */
    default ModelRegistry progress(Progress listener) {
        requireNonNull(listener, "listener");
        return this;
    }

    /** A model and where its aliases point. */
    default Optional<Model> findModel(String name) {
        requireNonNull(name, "name");
        return models().stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /** By the text form of a reference, such as {@code churn@champion}. */
    default Optional<ModelVersion> find(String reference) {
        return find(VersionReference.parse(reference));
    }

    /**
     * By its text form, such as {@code churn/7}, {@code churn@champion} or {@code churn#sha256:…}.
     *
     * @throws NotFoundException if it names nothing
     */
    default ModelVersion get(String reference) {
        return find(reference).orElseThrow(() -> new NotFoundException("no model version " + reference));
    }

    /** Sets a tag of a version; the last value wins. */
    default void tag(ModelVersionId version, String key, String value) {
        change(version.model(), new ModelChange.VersionTagged(version.number(), key, value));
    }
}
