package io.mlops.core.memory;

import io.mlops.contract.RunLimitsContract;
import io.mlops.core.Mlops;

final class MemoryRunLimitsTest extends RunLimitsContract {
    @Override
    protected Services open() {
        Mlops mlops = Mlops.inMemory();
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
