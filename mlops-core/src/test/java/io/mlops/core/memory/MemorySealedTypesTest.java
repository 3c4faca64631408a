package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.SealedTypesContract;

final class MemorySealedTypesTest extends SealedTypesContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
