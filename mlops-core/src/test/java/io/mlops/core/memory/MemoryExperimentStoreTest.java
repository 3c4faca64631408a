package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.ExperimentStoreContract;

final class MemoryExperimentStoreTest extends ExperimentStoreContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
