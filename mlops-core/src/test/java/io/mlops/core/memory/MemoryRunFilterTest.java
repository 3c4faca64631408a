package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.RunFilterContract;

final class MemoryRunFilterTest extends RunFilterContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
