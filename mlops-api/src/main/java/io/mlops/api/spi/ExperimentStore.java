package io.mlops.api.spi;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Visibility;
import java.time.Instant;
import java.util.Optional;

/** Keeps experiments, by name. Every call is durable when it returns, and safe to repeat. Thread-safe. */
public interface ExperimentStore {
    /**
     * Makes an experiment, or returns the one of this name.
     *
     * @throws ConflictException if it is there, but deleted
     */
    Experiment ensure(String name, Instant at);

    /** Finds an experiment by its exact name, deleted or not. */
    Optional<Experiment> find(String name);

    /**
     * A page of the experiments that match, by name in UTF-16 order.
     *
     * @param filter conditions joined by AND; all if empty
     * @throws IllegalArgumentException naming the position at which the filter cannot be read
     */
    Page<Experiment> search(String filter, Visibility visibility, PageRequest page);

    /**
     * Applies a change.
     *
     * @throws NotFoundException if there is none of this name
     * @throws ConflictException if the new name is taken, it is deleted and not to be restored, or is to be deleted while
     *     runs of it are running or are the origin of a model version
     */
    void change(String name, ExperimentChange change, Instant at);

    /**
     * Removes for good some of the experiments and runs that were deleted before then; one calls it until nothing is
     * left. What a process that died was about to remove is removed, too.
     *
     * @throws UnsupportedByBackendException without {@link Capability#PURGE}; nothing is removed then
     */
    PurgeStep purge(Instant deletedBefore);
}
