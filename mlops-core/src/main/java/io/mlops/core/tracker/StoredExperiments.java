package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.Purged;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.query.ExperimentSearch;
import io.mlops.core.query.NotFound;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Experiments over any backend; runs that are being recorded follow their names. Thread-safe. */
record StoredExperiments(
        Backend backend,
        ExperimentStore store,
        Recorder recorder,
        DeletedExperiments deleted,
        ClampedClock clock,
        Progress progress)
        implements Experiments {
    private static final Logger LOG = LoggerFactory.getLogger(StoredExperiments.class);
    private static final String PURGE = "purge what was deleted";

    StoredExperiments(Backend backend, Recorder recorder, DeletedExperiments deleted, ClampedClock clock) {
        this(backend, backend.experiments(), recorder, deleted, clock, Progress.none());
    }

    @Override
    public Experiment ensure(String name) {
        return store.ensure(name, clock.instant());
    }

    @Override
    public Optional<Experiment> find(String name) {
        return store.find(name);
    }

    @Override
    public Experiment get(String name) {
        return find(name).orElseThrow(() -> missing(name));
    }

    private NotFoundException missing(String name) {
        String place = backend.info().name();
        if (!backend.exists()) {
            return NotFound.store("experiment '" + name + "'", place);
        }
        return NotFound.experiment(
                name,
                place,
                search("", Visibility.ALL).stream().map(Experiment::name).toList());
    }

    @Override
    public Listing<Experiment> search(String filter, Visibility visibility) {
        // Refuses a wrong filter now rather than when somebody reads the results.
        ExperimentSearch unused = ExperimentSearch.of(filter, visibility);
        String what = "experiments" + (filter.isBlank() ? "" : " where " + filter);
        return Listing.of(what, page -> store.search(filter, visibility, page));
    }

    @Override
    public void change(String name, ExperimentChange change) {
        String what = "change experiment " + name;
        tell(what, 0, 1);
        store.change(name, change, clock.instant());
        if (change instanceof ExperimentChange.Deleted) {
            deleted.add(name);
        } else if (change instanceof ExperimentChange.Renamed renamed) {
            recorder.renamed(name, renamed.name());
        }
        tell(what, 1, 1);
    }

    @Override
    public Experiments progress(Progress listener) {
        return new StoredExperiments(backend, store, recorder, deleted, clock, requireNonNull(listener, "listener"));
    }

    @Override
    public Purged purge(Instant deletedBefore) {
        tell(PURGE, 0, -1);
        PurgeStep step = store.purge(deletedBefore);
        Purged removed = step.removed();
        // What is left after the first step is about all there was.
        long total = step.left() + 1;
        long done = 0;
        while (step.left() > 0) {
            // Others may delete meanwhile.
            done = Math.max(done, total - step.left());
            tell(PURGE, done, total);
            step = store.purge(deletedBefore);
            removed = removed.plus(step.removed());
        }
        tell(PURGE, total, total);
        return removed;
    }

    @Override
    public Purged purgeDeletedFor(Duration age) {
        return purge(deletedFor(age, clock.instant()));
    }

    /** Returns the time such that all that was deleted before it has been deleted for this long at least. */
    static Instant deletedFor(Duration age, Instant now) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("what was deleted " + age + " ago is still to come: give 0 or more");
        }
        boolean beyond = age.compareTo(Duration.between(Instant.EPOCH, now)) > 0;
        return beyond ? Instant.EPOCH : now.minus(age).plusMillis(1);
    }

    @Override
    public String toString() {
        return "experiments of " + backend.info().name();
    }

    private void tell(String what, long done, long total) {
        try {
            progress.at(what, done, total);
        } catch (RuntimeException e) {
            LOG.debug("a progress listener threw", e);
        }
    }
}
