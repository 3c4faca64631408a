package io.mlops.backends.fs.power;

import io.mlops.api.spi.Backend;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.contract.AliasContract;
import io.mlops.contract.ArtifactStoreContract;
import io.mlops.contract.EnvironmentContract;
import io.mlops.contract.ExperimentStoreContract;
import io.mlops.contract.MetricStoreContract;
import io.mlops.contract.ModelStoreContract;
import io.mlops.contract.ProgramContract;
import io.mlops.contract.RegistryContract;
import io.mlops.contract.RunStoreContract;
import io.mlops.contract.TrackerContract;
import io.mlops.core.Mlops;
import io.mlops.core.MlopsConfig;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The backend keeps its contracts on the disk that the other tests cut the power of, and all of it can be read after. */
@QuietExtension.Warned
final class ContractsOnDiskTest {
    /** A disk for one test. */
    private static final class Machine {
        private final World world;

        Machine() {
            this.world = new World(World.emptyDisk());
        }

        FsBackend backend() {
            return world.store();
        }

        ProgramContract.Services services() {
            Mlops mlops = Mlops.using(backend(), MlopsConfig.standard().records(Set.of()));
            return new ProgramContract.Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
        }

        /** Whatever the test left: a fresh process opens the store, and reads every file that is listed. */
        void cutPower() throws IOException {
            var unused = Sight.of(world.disk().cut(Survival.NOTHING));
        }
    }

    @Nested
    @QuietExtension.Warned
    final class RunStore extends RunStoreContract {
        private final Machine machine = new Machine();

        @Override
        protected Backend open() {
            return machine.backend();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class Environment extends EnvironmentContract {
        private final Machine machine = new Machine();

        @Override
        protected Backend open() {
            return machine.backend();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class MetricStore extends MetricStoreContract {
        private final Machine machine = new Machine();

        @Override
        protected Backend open() {
            return machine.backend();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class ExperimentStore extends ExperimentStoreContract {
        private final Machine machine = new Machine();

        @Override
        protected Backend open() {
            return machine.backend();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class ArtifactStore extends ArtifactStoreContract {
        private final Machine machine = new Machine();

        @Override
        protected Backend open() {
            return machine.backend();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class ModelStore extends ModelStoreContract {
        private final Machine machine = new Machine();

        @Override
        protected Backend open() {
            return machine.backend();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class Alias extends AliasContract {
        private final Machine machine = new Machine();

        @Override
        protected Backend open() {
            return machine.backend();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class Tracker extends TrackerContract {
        private final Machine machine = new Machine();

        @Override
        protected Services open() {
            return machine.services();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }

    @Nested
    @QuietExtension.Warned
    final class Registry extends RegistryContract {
        private final Machine machine = new Machine();

        @Override
        protected Services open() {
            return machine.services();
        }

        @AfterEach
        void cutPower() throws IOException {
            machine.cutPower();
        }
    }
}
