package io.mlops.api.spi;

import io.mlops.api.common.UnsupportedByBackendException;

/**
 * One place that keeps things, offered as narrow stores. A store that it lacks is refused when asked for; promises that
 * it weakens are missing in {@link #info}. Using a store after {@link #close} is an {@link IllegalStateException}.
 * Thread-safe.
 */
public interface Backend extends AutoCloseable {
    /** The name of the backend and its promises. */
    BackendInfo info();

    /** Whether the place is there; false if nothing has been written to it, so that the first write makes it. */
    default boolean exists() {
        return true;
    }

    /** The store of experiments. */
    ExperimentStore experiments();

    /** The store of runs and their points. */
    RunStore runs();

    /** The store of the files of runs and of model versions. */
    ArtifactStore artifacts();

    /**
     * The store of models.
     *
     * @throws UnsupportedByBackendException if the backend keeps no models
     */
    default ModelStore models() {
        throw new UnsupportedByBackendException(info().name() + " keeps no models");
    }

    /** Frees what this object made; twice is harmless. */
    @Override
    void close();
}
