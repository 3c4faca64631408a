package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.tracker.Experiment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The experiments that this program deleted, or found deleted when a run was to begin there. Others may restore them, so the
 * store is asked once more before a run is refused. Thread-safe.
 */
final class DeletedExperiments {
    private static final int MOST = 1000;

    private final ExperimentStore store;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    DeletedExperiments(ExperimentStore store) {
        this.store = store;
    }

    /** Takes note that an experiment is deleted. */
    void add(String experiment) {
        if (names.size() >= MOST) {
            // Then the next run there is dropped instead of being refused.
            names.clear();
        }
        names.add(experiment);
    }

    /** Refuses a run in an experiment of which this program knows that it is deleted. */
    void check(String experiment) {
        if (names.contains(experiment) && has(experiment)) {
            throw new ConflictException(
                    "experiment '" + experiment + "' is deleted: restore it, or choose another name");
        }
    }

    /** Whether an experiment is deleted, and the store can tell. */
    boolean has(String experiment) {
        try {
            boolean deleted = store.find(experiment).map(Experiment::deleted).orElse(false);
            if (deleted) {
                add(experiment);
            } else {
                names.remove(experiment);
            }
            return deleted;
        } catch (MlopsException | IllegalStateException unknown) {
            return false;
        }
    }
}
