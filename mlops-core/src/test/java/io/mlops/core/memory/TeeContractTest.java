package io.mlops.core.memory;

import io.mlops.api.spi.Backend;
import io.mlops.contract.ProgramContract;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;

/** A program sees no difference between one store and two; the stores of a tee are refused, so there is no more to see. */
final class TeeContractTest extends ProgramContract {
    @Override
    protected Backend open() {
        return Backends.tee(new MemoryBackend(), new MemoryBackend());
    }

    @Override
    protected Services services(Backend opened) {
        Mlops mlops = Mlops.using(opened);
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
