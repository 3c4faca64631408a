package io.mlops.api.spi;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.Experiment;
import java.time.Instant;
import java.util.Optional;

/** Keeps experiments, by name. Every call is durable when it returns, and safe to repeat. Thread-safe. */
public interface ExperimentStore {
    /** Makes it, or returns the one there. */
    Experiment ensure(String name, Instant at);

    /** By its exact name. */
    Optional<Experiment> find(String name);

    /** All, by name in UTF-16 order. */
    Page<Experiment> list(PageRequest page);
}
