package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.RunStoreContract;

final class MemoryRunStoreTest extends RunStoreContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
