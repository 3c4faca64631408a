package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.AliasContract;

final class MemoryAliasTest extends AliasContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
