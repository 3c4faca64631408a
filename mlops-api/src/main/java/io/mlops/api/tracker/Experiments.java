package io.mlops.api.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import java.time.Instant;
import java.util.Optional;

/** Finds and changes experiments, the named groups of runs. Starting a run makes its experiment. Thread-safe. */
public interface Experiments {
    /**
     * Finds the experiment of this name, or makes it; of several callers at once, one makes it.
     *
     * @throws ConflictException if it is there, but deleted
     */
    Experiment ensure(String name);

    /** Finds an experiment by its exact name, deleted or not. */
    Optional<Experiment> find(String name);

    /**
     * Searches for experiments, which come by name; the store is asked when they are read.
     *
     * @param filter MLflow's conditions over {@code name}, {@code creation_time}, {@code last_update_time} and
     *     {@code tags.<key>}, joined by AND; all if empty
     * @throws IllegalArgumentException naming the position at which the filter cannot be read
     */
    Listing<Experiment> search(String filter, Visibility visibility);

    /** Lists the experiments that are not deleted, by name. */
    default Listing<Experiment> list() {
        return search("", Visibility.ACTIVE);
    }

    /**
     * Renames, tags, deletes or restores an experiment. Blocks until the change is durable.
     *
     * @throws NotFoundException if there is none of this name
     * @throws ConflictException if the new name is taken, or it is to be deleted while runs of it are running
     */
    void change(String name, ExperimentChange change);

    /**
     * Describes a metric of an experiment, in place of any earlier description; kept as tags.
     *
     * @throws NotFoundException if there is no such experiment
     */
    default void describe(String name, MetricInfo metric) {
        metric.tags()
                .forEach((key, value) -> change(
                        name,
                        value == null ? new ExperimentChange.Untagged(key) : new ExperimentChange.Tagged(key, value)));
    }

    /** A view of the same experiments that tells a listener how far a purge is. */
    Experiments progress(Progress listener);

    /** Removes for good, with all artifacts, the experiments and runs that were deleted before then. */
    void purge(Instant deletedBefore);
}
