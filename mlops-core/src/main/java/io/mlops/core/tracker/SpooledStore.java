package io.mlops.core.tracker;

import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.RunStore;

/** The store of a spool, with artifacts that are found wherever they are by now. Thread-safe. */
record SpooledStore(Backend spool, ArtifactStore artifacts) implements Backend {
    @Override
    public BackendInfo info() {
        return spool.info();
    }

    @Override
    public ExperimentStore experiments() {
        return spool.experiments();
    }

    @Override
    public RunStore runs() {
        return spool.runs();
    }

    /** Frees nothing, since the spool is its maker's. */
    @Override
    public void close() {}
}
