package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.ModelStoreContract;

final class MemoryModelStoreTest extends ModelStoreContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
