package io.mlops.core.memory;

import io.mlops.contract.ProgramContract;
import io.mlops.contract.ProgressContract;
import io.mlops.contract.RegistryContract;
import io.mlops.contract.ServingContract;
import io.mlops.contract.TrackerContract;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;
import org.junit.jupiter.api.Nested;

/** A program sees no difference between one store and two. */
final class MemoryTeeTest {
    private static ProgramContract.Services services() {
        Mlops mlops = Mlops.using(Backends.tee(new MemoryBackend(), new MemoryBackend()));
        return new ProgramContract.Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }

    @Nested
    final class Tracking extends TrackerContract {
        @Override
        protected Services open() {
            return services();
        }
    }

    @Nested
    final class Registry extends RegistryContract {
        @Override
        protected Services open() {
            return services();
        }
    }

    @Nested
    final class Serving extends ServingContract {
        @Override
        protected Services open() {
            return services();
        }
    }

    @Nested
    final class Telling extends ProgressContract {
        @Override
        protected Services open() {
            return services();
        }
    }
}
