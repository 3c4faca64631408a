package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.BackendContract;
import io.mlops.core.Mlops;

final class MemoryContractTest extends BackendContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }

    @Override
    protected Services services(Backend opened) {
        Mlops mlops = Mlops.using(opened);
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
