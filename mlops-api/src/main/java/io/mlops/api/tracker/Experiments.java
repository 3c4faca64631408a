package io.mlops.api.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.UnsupportedByBackendException;
import java.time.Duration;
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
     * @param filter MLflow's conditions over {@code name}, {@code experiment_id} (the id that the store gave it),
     *     {@code creation_time}, {@code last_update_time} and {@code tags.<key>}, joined by AND; all if empty
     * @throws IllegalArgumentException naming the position at which the filter cannot be read
     */
    Listing<Experiment> search(String filter, Visibility visibility);

    /** Lists the experiments that are not deleted, by name. */
    default Listing<Experiment> list() {
        return search("", Visibility.ACTIVE);
    }

    /**
     * Gets an experiment by its exact name, deleted or not.
     *
     * @throws NotFoundException if there is none
     */
    default Experiment get(String name) {
        return find(name).orElseThrow(() -> new NotFoundException("no experiment '" + name + "'"));
    }

    /**
     * Applies any change to an experiment; the verbs below are shorthands. Blocks until the change is durable.
     *
     * @throws NotFoundException if there is none of this name
     * @throws ConflictException if it is deleted, the new name is taken, or it is to be deleted while runs of it are
     *     running
     */
    void change(String name, ExperimentChange change);

    /**
     * Gives an experiment another name; its runs stay with it, and the old name is free.
     *
     * @throws NotFoundException if there is none of this name
     * @throws ConflictException if it is deleted, or the new name is taken
     */
    default void rename(String name, String to) {
        change(name, new ExperimentChange.Renamed(to));
    }

    /**
     * Sets a tag of an experiment; the last value wins, of at most 5000 characters.
     *
     * @throws NotFoundException if there is none of this name
     * @throws ConflictException if it is deleted
     */
    default void tag(String name, String key, String value) {
        change(name, new ExperimentChange.Tagged(key, value));
    }

    /**
     * Takes a tag away from an experiment; no matter whether it was there.
     *
     * @throws NotFoundException if there is none of this name
     * @throws ConflictException if it is deleted
     */
    default void untag(String name, String key) {
        change(name, new ExperimentChange.Untagged(key));
    }

    /**
     * Describes a metric of an experiment, in place of any earlier description: all of it, or nothing if that fails.
     *
     * @throws NotFoundException if there is no such experiment
     * @throws ConflictException if it is deleted
     */
    default void describe(String name, MetricInfo metric) {
        change(name, new ExperimentChange.Described(metric));
    }

    /**
     * Hides an experiment with all its runs until it is restored or purged; its name stays taken.
     *
     * @throws NotFoundException if there is none of this name
     * @throws ConflictException if runs of it are running, or are the origin of a model version
     */
    default void delete(String name) {
        change(name, new ExperimentChange.Deleted());
    }

    /**
     * Shows a deleted experiment again, with the runs that were not deleted on their own.
     *
     * @throws NotFoundException if there is none of this name
     */
    default void restore(String name) {
        change(name, new ExperimentChange.Restored());
    }

    /** A view of the same experiments that tells a listener how far a purge is, and when a change begins and is done. */
    Experiments progress(Progress listener);

    /**
     * Removes for good, with all artifacts, the experiments and runs that were deleted before then. Blocks until all of it
     * is gone.
     *
     * @return what it removed
     * @throws UnsupportedByBackendException if the place cannot; the message says who can
     */
    Purged purge(Instant deletedBefore);

    /**
     * Removes for good, with all artifacts, the experiments and runs that have been deleted for so long at least, by the
     * configured clock. Blocks until all of it is gone.
     *
     * @return what it removed
     * @throws IllegalArgumentException if the time is negative
     * @throws UnsupportedByBackendException if the place cannot; the message says who can
     */
    Purged purgeDeletedFor(Duration age);
}
