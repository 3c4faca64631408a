package io.mlops.api.spi;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import java.time.Instant;
import java.util.Optional;

/** Keeps models. Every call is durable when it returns. Thread-safe. */
public interface ModelStore {
    /**
     * Stores the files, then claims the next number; returns the version made earlier with this key, if there is one.
     * Nothing of a version is visible before all of it is. A {@link StoredContent} may be linked instead of copied.
     *
     * @throws ConflictException if the version made earlier with this key has other files
     */
    ModelVersion create(ModelDraft draft);

    /** Finds a model by its name. */
    Optional<Model> find(String model);

    /**
     * Finds the version that a reference names now. The alias {@code latest} is the newest version, also in another case
     * unless the model has an alias that is called just so.
     */
    Optional<ModelVersion> find(VersionReference version);

    /** A page of all models, by name in UTF-16 order. */
    Page<Model> models(PageRequest page);

    /**
     * A page of the versions of a model, newest first.
     *
     * @throws NotFoundException if there is no such model
     */
    Page<ModelVersion> versions(String model, PageRequest page);

    /**
     * Applies one change.
     *
     * @throws NotFoundException if there is no such model or version
     */
    void change(String model, ModelChange change);

    /**
     * Moves an alias, and writes that into the history, in one step.
     *
     * @throws NotFoundException if there is no such model or version
     * @throws ConflictException if the alias is not where the guard says; the message names where it is
     */
    AliasEvent move(AliasMove move, String by, Instant at);

    /**
     * A page of the moves of a model's aliases, newest first.
     *
     * @throws NotFoundException if there is no such model
     */
    Page<AliasEvent> history(String model, PageRequest page);
}
