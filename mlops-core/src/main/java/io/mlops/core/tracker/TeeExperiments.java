package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Listing;
import io.mlops.api.common.Progress;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.Purged;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.delivery.ClampedClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Experiments changed in both places, at one time, and read from the first. Thread-safe. */
record TeeExperiments(
        StoredTracker first, StoredTracker second, SecondPlace place, ClampedClock clock, Progress progress)
        implements Experiments {
    @Override
    public Experiment ensure(String name) {
        ClampedClock now = now();
        return place.both(
                "experiment " + name,
                () -> in(first, now).ensure(name),
                wanted -> in(second, now).ensure(name));
    }

    @Override
    public Optional<Experiment> find(String name) {
        return in(first, clock).find(name);
    }

    @Override
    public Experiment get(String name) {
        return in(first, clock).get(name);
    }

    @Override
    public Listing<Experiment> search(String filter, Visibility visibility) {
        return in(first, clock).search(filter, visibility);
    }

    @Override
    public void change(String name, ExperimentChange change) {
        ClampedClock now = now();
        place.change(
                "change of experiment " + name,
                () -> in(first, now).progress(progress).change(name, change),
                wanted -> in(second, now).change(name, change));
    }

    @Override
    public Experiments progress(Progress listener) {
        return new TeeExperiments(first, second, place, clock, requireNonNull(listener, "listener"));
    }

    @Override
    public Purged purge(Instant deletedBefore) {
        return place.both(
                "purge",
                () -> in(first, clock).progress(progress).purge(deletedBefore),
                wanted -> in(second, clock).progress(alive(wanted)).purge(deletedBefore));
    }

    @Override
    public Purged purgeDeletedFor(Duration age) {
        return purge(StoredExperiments.deletedFor(age, clock.instant()));
    }

    private static Progress alive(BooleanSupplier wanted) {
        return (what, done, total) -> {
            boolean unused = wanted.getAsBoolean();
        };
    }

    private static Experiments in(StoredTracker tracker, ClampedClock clock) {
        return tracker.experiments(clock);
    }

    @Override
    public String toString() {
        return in(first, clock) + " and " + second.backend().info().name();
    }

    private ClampedClock now() {
        return new ClampedClock(InstantSource.fixed(clock.instant()));
    }
}
