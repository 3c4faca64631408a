package io.mlops.core.memory;

import io.mlops.contract.ServingContract;
import io.mlops.core.Mlops;

final class MemoryServingTest extends ServingContract {
    @Override
    protected Services open() {
        Mlops mlops = Mlops.inMemory();
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
