package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.EnvironmentContract;

final class MemoryEnvironmentTest extends EnvironmentContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
