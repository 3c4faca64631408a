package io.mlops.backends.fs;

import io.mlops.api.spi.Backend;
import io.mlops.contract.BackendContract;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

final class FsContractTest extends BackendContract {
    @TempDir
    private Path folder;

    @Override
    protected Backend open() {
        return FsBackend.at(folder.resolve("store"));
    }

    @Override
    protected Services services(Backend opened) {
        Mlops mlops = Mlops.using(opened, MlopsConfig.standard().records(Set.of()));
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
