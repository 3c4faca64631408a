package io.mlops.core.memory;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.Purged;
import java.util.EnumSet;

/**
 * Keeps everything in memory, with every promise kept but survival of the process. Memory grows until a purge: the
 * backend is made for tests and short programs. Thread-safe.
 */
public final class MemoryBackend implements Backend {
    /** The name that messages give to the backend. */
    static final String NAME = "memory";

    private final Faults faults = new Faults();
    private final ExperimentTable table = new ExperimentTable();
    private final MemoryRuns runs = new MemoryRuns(faults, table, this::removeArtifacts);
    private final MemoryArtifacts artifacts = new MemoryArtifacts(faults, runs);
    private final MemoryExperiments experiments = new MemoryExperiments(faults, table, runs, artifacts);
    private final MemoryModels models = new MemoryModels(faults, artifacts);

    /** An empty backend. */
    public MemoryBackend() {}

    /** The faults that a test makes this backend have. */
    public Faults faults() {
        return faults;
    }

    private void removeArtifacts(RunId run) {
        Purged unused = artifacts.remove(run);
    }

    @Override
    public BackendInfo info() {
        return new BackendInfo(NAME, EnumSet.complementOf(EnumSet.of(Capability.PERSISTENT)));
    }

    @Override
    public ExperimentStore experiments() {
        return experiments;
    }

    @Override
    public RunStore runs() {
        return runs;
    }

    @Override
    public ArtifactStore artifacts() {
        return artifacts;
    }

    @Override
    public ModelStore models() {
        return models;
    }

    @Override
    public void close() {
        faults.close();
    }
}
