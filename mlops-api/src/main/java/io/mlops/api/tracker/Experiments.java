package io.mlops.api.tracker;

import io.mlops.api.common.Listing;
import java.util.Optional;

/** Named groups of runs. Starting a run makes its experiment. Thread-safe. */
public interface Experiments {
    /** Gets it or makes it; of several at once, one makes it. */
    Experiment ensure(String name);

    /** By its exact name. */
    Optional<Experiment> find(String name);

    /** All of them, by name. */
    Listing<Experiment> list();
}
