package io.mlops.backends.fs.power;

import io.mlops.api.spi.Backend;
import io.mlops.contract.BackendContract;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** The backend keeps its contract on the disk that other tests cut the power of, and all of it can be read after. */
abstract class DiskContract extends BackendContract {
    private final World world;

    DiskContract(PowerDisk.Open open) {
        this.world = new World(World.emptyDisk().whereOpen(open));
    }

    @Override
    protected Backend open() {
        return world.store();
    }

    @Override
    protected Services services(Backend opened) {
        Mlops mlops = Mlops.using(opened, MlopsConfig.standard().records(Set.of()));
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }

    /** Whatever the test left: a fresh process opens the store, and reads every file that is listed. */
    @AfterEach
    void cutPower() throws IOException {
        var unused = Sight.of(world.disk().cut(Survival.NOTHING));
    }
}
