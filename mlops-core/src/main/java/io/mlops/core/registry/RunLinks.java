package io.mlops.core.registry;

import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;

/** Ties versions to the runs that made them; the tracker is on the other side. */
public interface RunLinks {
    /**
     * Makes sure that a run is stored before a version names it.
     *
     * @throws NotFoundException if there is no such run
     */
    void ensureStored(RunId run);

    /** Tells the run what came out of it. */
    void produced(RunId run, ModelVersionId version);
}
