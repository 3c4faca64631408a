package io.mlops.core.delivery;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;

/** Ties what comes out of runs to the runs: a tracker offers it to those that keep what came out. Thread-safe. */
public interface RunLinks {
    /**
     * Makes sure that a run is stored, so that a model version may name it.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if it is deleted
     */
    void ensureStored(RunId run);

    /** Says what to do while the store does not answer, as the end of a sentence; empty if there is nothing to say. */
    default String whenAway() {
        return "";
    }

    /** Records that a model version came out of a run, open or not. */
    void produced(RunId run, ModelVersionId version);
}
