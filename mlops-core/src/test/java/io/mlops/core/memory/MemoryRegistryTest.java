package io.mlops.core.memory;

import io.mlops.contract.RegistryContract;
import io.mlops.core.Mlops;

final class MemoryRegistryTest extends RegistryContract {
    @Override
    protected Services open() {
        Mlops mlops = Mlops.inMemory();
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
