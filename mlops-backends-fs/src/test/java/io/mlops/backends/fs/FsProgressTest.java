package io.mlops.backends.fs;

import io.mlops.contract.ProgressContract;
import io.mlops.core.Mlops;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class FsProgressTest extends ProgressContract {
    @TempDir
    private Path folder;

    @Override
    protected Services open() {
        Mlops mlops = Mlops.open("file:" + folder.resolve("store"));
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
