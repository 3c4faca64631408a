package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening the folder that a path names, whatever its name is. */
final class OpenPathTest {
    @TempDir
    private Path folder;

    @Test
    void aPathIsOpenedAsItIs() {
        for (String name : new String[] {"store", "my store", "a%20b", "größe#1?x", "a@b:c"}) {
            Path store = folder.resolve(name);
            RunId id;
            try (Mlops mlops = Mlops.open(store)) {
                id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
                assertThat(mlops.toString()).startsWith("Mlops at file:").endsWith(name);
            }

            assertThat(store.resolve("experiments")).as(name).isDirectory();
            try (Mlops again = Mlops.open("file:" + store)) {
                assertThat(again.tracker().get(id).metric("loss")).isEqualTo(1);
            }
        }
    }

    @Test
    void aRelativePathIsOneOfTheWorkingFolder() {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.resolve("store"));
        try (Mlops mlops = Mlops.open(relative, MlopsConfig.standard())) {
            RunId unused = mlops.tracker().run("churn", run -> run.metric("loss", 1));
        }

        assertThat(folder.resolve("store/experiments/churn")).isDirectory();
    }
}
