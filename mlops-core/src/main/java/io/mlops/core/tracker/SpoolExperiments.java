package io.mlops.core.tracker;

import io.mlops.api.common.Listing;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.Progress;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.Purged;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.delivery.ClampedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The experiments of a store behind a spool, which follows their names. Thread-safe. */
record SpoolExperiments(Experiments store, SpoolReads reads, Recorder recorder, ClampedClock clock)
        implements Experiments {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolExperiments.class);

    @Override
    public Experiment ensure(String name) {
        return reads.afterAMoment(() -> store.ensure(name));
    }

    @Override
    public Optional<Experiment> find(String name) {
        return reads.afterAMoment(() -> store.find(name));
    }

    @Override
    public Experiment get(String name) {
        return reads.afterAMoment(() -> store.get(name));
    }

    @Override
    public Listing<Experiment> search(String filter, Visibility visibility) {
        return new AfterAMoment<>(store.search(filter, visibility), reads, reads::giveAMoment);
    }

    @Override
    public void change(String name, ExperimentChange change) {
        boolean unused = reads.afterAMoment(() -> {
            store.change(name, change);
            return true;
        });
        if (change instanceof ExperimentChange.Renamed renamed) {
            recorder.renamed(name, renamed.name());
            renameInSpool(name, renamed);
        }
    }

    /** Runs that wait in the spool are to come where the experiment is now. */
    private void renameInSpool(String name, ExperimentChange.Renamed change) {
        ExperimentStore spool = reads.spool().store().experiments();
        try {
            if (spool.find(name).isPresent()) {
                spool.change(name, change, clock.instant());
            }
        } catch (MlopsException e) {
            LOG.debug("experiment {} has its old name in the spool still", name, e);
        }
    }

    @Override
    public Experiments progress(Progress listener) {
        return new SpoolExperiments(store.progress(listener), reads, recorder, clock);
    }

    @Override
    public Purged purge(Instant deletedBefore) {
        return reads.afterAMoment(() -> store.purge(deletedBefore));
    }

    @Override
    public Purged purgeDeletedFor(Duration age) {
        return reads.afterAMoment(() -> store.purgeDeletedFor(age));
    }

    @Override
    public String toString() {
        return store.toString();
    }

    /** A listing of the store that is read once what was recorded a moment ago had a moment to get there. */
    record AfterAMoment<T>(Listing<T> listing, SpoolReads reads, Runnable moment) implements Listing<T> {
        @Override
        public Page<T> page(PageRequest request) {
            if (request.token() == null) {
                moment.run();
            }
            return reads.inStore(() -> listing.page(request));
        }

        @Override
        public List<T> first(int n) {
            moment.run();
            return reads.inStore(() -> listing.first(n));
        }

        @Override
        public Iterator<T> iterator() {
            moment.run();
            return reads.inStore(listing::iterator);
        }

        @Override
        public String toString() {
            return listing.toString();
        }
    }
}
