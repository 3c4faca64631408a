package io.mlops.api.spi;

import io.mlops.api.common.UnsupportedByBackendException;

/**
 * One place that keeps things, as narrow stores. Stores that it lacks say so; promises that it weakens are named in
 * {@link #info}. Using a store after {@link #close} is an {@link IllegalStateException}. Thread-safe.
 */
public interface Backend extends AutoCloseable {
    /** What it is and what it promises. */
    BackendInfo info();

    /** Named groups of runs. */
    ExperimentStore experiments();

    /** Runs and their points. */
    RunStore runs();

    /** Files of runs and of model versions. */
    ArtifactStore artifacts();

    /**
     * Models.
     *
     * @throws UnsupportedByBackendException if it keeps none
     */
    default ModelStore models() {
        throw new UnsupportedByBackendException(info().name() + " keeps no models");
    }

    /** Frees what this object made; twice is harmless. */
    @Override
    void close();
}
