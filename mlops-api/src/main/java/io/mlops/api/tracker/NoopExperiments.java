package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Listing;
import io.mlops.api.common.Page;
import io.mlops.api.common.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Experiments of a tracker that keeps nothing; a purge tells its listener that there was nothing to do. Thread-safe. */
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
        return Listing.of("no experiments", request -> new Page<>(List.of(), null));
    }

    @Override
    public void change(String name, ExperimentChange change) {}

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
        try {
            progress.at("purge what was deleted", 0, 0);
        } catch (RuntimeException ignored) {
            // A listener must not disturb what it listens to.
        }
        return Purged.NOTHING;
    }

    @Override
    public String toString() {
        return "experiments of a tracker that records nothing";
    }
}
