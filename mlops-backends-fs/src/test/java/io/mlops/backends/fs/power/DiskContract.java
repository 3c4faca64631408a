package io.mlops.backends.fs.power;

import io.mlops.api.spi.Backend;
import io.mlops.contract.BackendContract;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** The contract of backends, kept on a {@link PowerDisk}; after each test a fresh process can read all that it left. */
abstract class DiskContract extends BackendContract {
    private final Machine machine;

    DiskContract(PowerDisk.Open open) {
        this.machine = new Machine(Machine.emptyDisk().whereOpen(open));
    }

    @Override
    protected Backend open() {
        return machine.store();
    }

    @Override
    protected Services services(Backend opened) {
        Mlops mlops = Mlops.using(opened, MlopsConfig.standard().records(Set.of()));
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }

    /** Opens the store as a fresh process after each test, and reads every file that is listed. */
    @AfterEach
    void cutPower() throws IOException {
        var unused = StoreView.of(machine.disk().cut(Survival.NOTHING));
    }
}
