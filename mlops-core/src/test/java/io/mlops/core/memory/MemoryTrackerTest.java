package io.mlops.core.memory;

import io.mlops.contract.TrackerContract;
import io.mlops.core.Mlops;

final class MemoryTrackerTest extends TrackerContract {
    @Override
    protected Services open() {
        Mlops mlops = Mlops.inMemory();
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
