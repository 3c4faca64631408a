package io.mlops.backends.fs;

import io.mlops.api.spi.Backend;
import io.mlops.core.Backends;

/** The folder of a tee is what is read. */
final class ReadFolderContractTest extends TeeContract {
    @Override
    Backend tee(Backend disk, Backend memory) {
        return Backends.tee(disk, memory);
    }
}
