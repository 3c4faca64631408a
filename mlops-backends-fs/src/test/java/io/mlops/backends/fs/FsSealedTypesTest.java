package io.mlops.backends.fs;

import io.mlops.api.spi.Backend;
import io.mlops.contract.SealedTypesContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class FsSealedTypesTest extends SealedTypesContract {
    @TempDir
    private Path folder;

    @Override
    protected Backend open() {
        return FsBackend.at(folder.resolve("store"));
    }
}
