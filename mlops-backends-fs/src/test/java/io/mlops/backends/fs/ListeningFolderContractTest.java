package io.mlops.backends.fs;

import io.mlops.api.spi.Backend;
import io.mlops.core.Backends;

/** The folder of a tee only listens. */
final class ListeningFolderContractTest extends TeeContract {
    @Override
    Backend tee(Backend disk, Backend memory) {
        return Backends.tee(memory, disk);
    }
}
