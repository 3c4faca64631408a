package io.mlops.backends.fs;

import io.mlops.api.spi.Backend;
import io.mlops.contract.ProgramContract;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;

/** A folder beside another store: a program sees no difference; the stores of a tee are refused, so it sees no more. */
abstract class TeeContract extends ProgramContract {
    @TempDir
    private Path folder;

    @AutoClose
    private Backend disk;

    @AutoClose
    private final Backend memory = new MemoryBackend();

    abstract Backend tee(Backend disk, Backend memory);

    @Override
    protected final Backend open() {
        disk = FsBackend.at(folder.resolve("store"));
        return tee(disk, memory);
    }

    @Override
    protected final Services services(Backend opened) {
        Mlops mlops = Mlops.using(opened, MlopsConfig.standard().records(Set.of()));
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
