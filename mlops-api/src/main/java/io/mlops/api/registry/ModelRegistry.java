package io.mlops.api.registry;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.BackendUnavailableException;
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
     * @throws NotFoundException if there is no such file, folder, run, artifact or parent
     * @throws ConflictException if another registration with the key of this one had other files, or the run is deleted
     * @throws RefusedException if a folder holds a link or something else that is no file
     * @throws IllegalArgumentException if a folder holds no file, or the spec names no files
     */
    ModelVersion register(ModelSpec spec);

    /**
     * Makes the next version of a model of what the saver writes: {@code register(ModelSpec.of("churn").run(id), folder ->
     * model.save(folder.resolve("model.ubj")))}. What the saver throws comes out unchanged, and nothing is registered. A
     * run or parent that is not there is refused before the saver runs.
     *
     * @param spec without files
     * @throws NotFoundException if there is no such run or parent
     * @throws BackendUnavailableException if no folder can be made for the saver
     * @throws IllegalArgumentException if the saver writes no file, or the spec names files
     */
    <X extends Exception> ModelVersion register(ModelSpec spec, ModelSaver<X> saver) throws X;

    /** Makes the next version of a model of what the saver writes into a folder, which is gone afterwards. */
    default <X extends Exception> ModelVersion register(String model, ModelSaver<X> saver) throws X {
        return register(ModelSpec.of(model), saver);
    }

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
     * Moves an alias: {@code move(AliasMove.of("churn@champion", version).expecting(6).because("AUC +0.02"))}.
     *
     * @return what the history shows from now on
     * @throws NotFoundException if the version does not exist
     * @throws ConflictException if the alias points elsewhere than expected, naming where
     */
    AliasEvent move(AliasMove move);

    /**
     * Moves an alias back to where it pointed before: {@code rollback("churn@champion", "complaints")}. Another rollback
     * goes back further, to what it pointed to before that; an alias that was removed points again to where it did.
     *
     * @param reason why, for the history
     * @return what the history shows from now on
     * @throws NotFoundException if the alias never pointed anywhere else, or the version is gone
     * @throws ConflictException if somebody else moves the alias at the same time
     */
    AliasEvent rollback(String alias, String reason);

    /**
     * Lists the moves of a model's aliases, newest first: by whom, when and why.
     *
     * @throws NotFoundException if there is no such model
     */
    Listing<AliasEvent> history(String model);

    /**
     * Applies one change to a model or version, of which only the latest value is kept.
     *
     * @throws NotFoundException if there is no such model or version
     */
    void change(String model, ModelChange change);

    /** Reads the files of a version. */
    Artifacts files(ModelVersionId version);

    /** A view of the same registry that tells a listener how many bytes of a model are registered, or copied. */
    ModelRegistry progress(Progress listener);

    /**
     * Finds a model by its name.
     *
     * @throws IllegalArgumentException if there is none, and the text reads as a version, such as {@code churn@champion}
     */
    Optional<Model> findModel(String name);

    /** Finds a version by the text form of a reference, such as {@code churn@champion}. */
    default Optional<ModelVersion> find(String reference) {
        return find(VersionReference.parse(reference));
    }

    /**
     * Gets the version that a reference names now, such as a {@link ModelVersionId}.
     *
     * @throws NotFoundException if the reference names nothing, telling what is near
     */
    ModelVersion get(VersionReference version);

    /**
     * Gets a version by the text form of a reference, such as {@code churn/7}, {@code churn@champion} or
     * {@code churn#sha256:…}.
     *
     * @throws NotFoundException if the reference names nothing, telling what is near
     */
    default ModelVersion get(String reference) {
        return get(VersionReference.parse(reference));
    }

    /**
     * Sets a tag of a version; the last value wins, of at most 5000 characters.
     *
     * @throws NotFoundException if there is no such version
     */
    default void tag(ModelVersionId version, String key, String value) {
        change(version.model(), new ModelChange.VersionTagged(version.number(), key, value));
    }
}
