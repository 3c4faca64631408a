package io.mlops.core.memory;

import io.mlops.contract.ProgressContract;
import io.mlops.core.Mlops;

final class MemoryProgressTest extends ProgressContract {
    @Override
    protected Services open() {
        Mlops mlops = Mlops.inMemory();
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
