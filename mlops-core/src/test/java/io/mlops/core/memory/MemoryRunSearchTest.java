package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.RunSearchContract;

final class MemoryRunSearchTest extends RunSearchContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
