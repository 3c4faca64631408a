package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Listing;
import io.mlops.api.common.Progress;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.query.ExperimentSearch;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Experiments over any backend. Thread-safe. */
record StoredExperiments(ExperimentStore store, ClampedClock clock, Progress progress) implements Experiments {
    private static final Logger LOG = LoggerFactory.getLogger(StoredExperiments.class);

    @Override
    public Experiment ensure(String name) {
        return store.ensure(name, clock.instant());
    }

    @Override
    public Optional<Experiment> find(String name) {
        return store.find(name);
    }

    @Override
    public Listing<Experiment> search(String filter, Visibility visibility) {
        // Refuses a wrong filter now rather than when somebody reads the results.
        ExperimentSearch unused = ExperimentSearch.of(filter, visibility);
        return page -> store.search(filter, visibility, page);
    }

    @Override
    public void change(String name, ExperimentChange change) {
        store.change(name, change, clock.instant());
    }

    @Override
    public Experiments progress(Progress listener) {
        return new StoredExperiments(store, clock, requireNonNull(listener, "listener"));
    }

    @Override
    public void purge(Instant deletedBefore) {
        tell(0, -1);
        long left = store.purge(deletedBefore);
        // What is left after the first step is about all there was.
        long total = left + 1;
        long done = 0;
        while (left > 0) {
            // Others may delete meanwhile.
            done = Math.max(done, total - left);
            tell(done, total);
            left = store.purge(deletedBefore);
        }
        tell(total, total);
    }

    private void tell(long done, long total) {
        try {
            progress.at("purge what was deleted", done, total);
        } catch (RuntimeException e) {
            LOG.debug("a progress listener threw", e);
        }
    }
}
