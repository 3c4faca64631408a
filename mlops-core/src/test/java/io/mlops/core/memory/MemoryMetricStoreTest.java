package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.MetricStoreContract;

final class MemoryMetricStoreTest extends MetricStoreContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
