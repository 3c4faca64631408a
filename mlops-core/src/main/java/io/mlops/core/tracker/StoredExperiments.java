package io.mlops.core.tracker;

import io.mlops.api.common.Listing;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.Experiments;
import java.time.InstantSource;
import java.util.Optional;

/** Experiments over any backend. Thread-safe. */
record StoredExperiments(ExperimentStore store, InstantSource clock) implements Experiments {
    @Override
    public Experiment ensure(String name) {
        return store.ensure(name, Stamps.now(clock));
    }

    @Override
    public Optional<Experiment> find(String name) {
        return store.find(name);
    }

    @Override
    public Listing<Experiment> list() {
        return store::list;
    }
}
