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
 * Catalogue of models and their immutable versions. Every write is durable when it returns, and throws if it cannot be.
 * Thread-safe.
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

    /** Finds the version that a reference names now. */
    Optional<ModelVersion> find(VersionReference version);

    /** Lists all models, by name. */
    Listing<Model> models();

    /**
     * Lists the versions of a model, newest first.
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

    /** Lists the moves of a model's aliases, newest first: by whom, when and why. */
    Listing<AliasEvent> history(String model);

    /**
     * Applies one change to a model or version, of which only the latest value is kept.
     *
     * @throws NotFoundException if there is no such model or version
     */
    void change(String model, ModelChange change);

    /** Reads the files of a version. */
    Artifacts files(ModelVersionId version);

    /**
     * A view of the same registry that tells a listener how many bytes of a model are registered; unless overridden, it
     * never tells.
     */
    default ModelRegistry progress(Progress listener) {
        requireNonNull(listener, "listener");
        return this;
    }

    /** Finds a model by its name. */
    Optional<Model> findModel(String name);

    /** Finds a version by the text form of a reference, such as {@code churn@champion}. */
    default Optional<ModelVersion> find(String reference) {
        return find(VersionReference.parse(reference));
    }

    /**
     * Gets a version by the text form of a reference, such as {@code churn/7}, {@code churn@champion} or
     * {@code churn#sha256:…}.
     *
     * @throws NotFoundException if the reference names nothing
     */
    default ModelVersion get(String reference) {
        return find(reference).orElseThrow(() -> new NotFoundException("no model version " + reference));
    }

    /** Sets a tag of a version; the last value wins. */
    default void tag(ModelVersionId version, String key, String value) {
        change(version.model(), new ModelChange.VersionTagged(version.number(), key, value));
    }
}
