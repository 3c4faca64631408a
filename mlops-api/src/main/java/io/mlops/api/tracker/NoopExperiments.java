package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Listing;
import io.mlops.api.common.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Experiments of a tracker that keeps nothing; a listener hears that there was nothing to do. Thread-safe. */
record NoopExperiments(Progress progress) implements Experiments {
    @Override
    public Experiment ensure(String name) {
        return new Experiment(name, name, Instant.EPOCH, Instant.EPOCH, Map.of(), false);
    }

    @Override
    public Optional<Experiment> find(String name) {
        return Optional.empty();
    }

    @Override
    public Listing<Experiment> search(String filter, Visibility visibility) {
        return NoopTracker.none("experiments");
    }

    @Override
    public void change(String name, ExperimentChange change) {
        requireNonNull(change, "change");
        NoopTracker.tell(progress, "change experiment " + name, 0, 0);
    }

    @Override
    public Experiments progress(Progress listener) {
        return new NoopExperiments(requireNonNull(listener, "listener"));
    }

    @Override
    public Purged purge(Instant deletedBefore) {
        requireNonNull(deletedBefore, "deletedBefore");
        return purged();
    }

    @Override
    public Purged purgeDeletedFor(Duration age) {
        requireNonNull(age, "age");
        return purged();
    }

    private Purged purged() {
        NoopTracker.tell(progress, "purge what was deleted", 0, 0);
        return Purged.NOTHING;
    }

    @Override
    public String toString() {
        return "experiments of a tracker that records nothing";
    }
}
