package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.ArtifactStoreContract;

final class MemoryArtifactStoreTest extends ArtifactStoreContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
