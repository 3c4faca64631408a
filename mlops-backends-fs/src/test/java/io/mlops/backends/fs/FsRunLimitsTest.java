package io.mlops.backends.fs;

import io.mlops.contract.RunLimitsContract;
import io.mlops.core.Mlops;
import io.mlops.core.MlopsConfig;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

final class FsRunLimitsTest extends RunLimitsContract {
    @TempDir
    private Path folder;

    @Override
    protected Services open() {
        Mlops mlops = Mlops.open(
                "file:" + folder.resolve("store"), MlopsConfig.standard().records(Set.of()));
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
