package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.registry.ModelSpec;
import io.mlops.core.Mlops;
import io.mlops.core.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders that models are loaded from, when the process that made them was killed. */
final class PrivateFoldersTest {
    @TempDir
    private Path folder;

    /** Loads a model and keeps it until it is killed. */
    static final class Serving {
        public static void main(String[] args) throws InterruptedException {
            try (Mlops mlops = open(Path.of(args[0]))) {
                try (var model = mlops.serving().load("m/1", files -> files.folder())) {
                    System.out.println(model.<Path, RuntimeException>call(path -> path));
                    new CountDownLatch(1).await();
                }
            }
        }
    }

    private static Mlops open(Path folder) {
        return Mlops.using(
                FsBackend.at(folder.resolve("store")), MlopsConfig.standard().workFolder(folder.resolve("work")));
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(folder.resolve("work"))) {
            return folders.toList();
        }
    }

    @Test
    void theFolderOfAKilledProcessIsRemovedAndThatOfALivingOneIsNot() throws Exception {
        Files.writeString(folder.resolve("m.bin"), "weights");
        Path foreign = Files.createDirectories(folder.resolve("work/mlops-model-kept"));
        try (Mlops mlops = open(folder)) {
            mlops.registry().register(ModelSpec.of("m", folder.resolve("m.bin")));
            Path orphan;
            try (ChildJvm killed = ChildJvm.start(Serving.class, folder);
                    ChildJvm living = ChildJvm.start(Serving.class, folder)) {
                orphan = Path.of(killed.line());
                Path used = Path.of(living.line());
                killed.kill();
                assertThat(orphan.resolve("m.bin")).exists();

                try (var loaded = mlops.serving().load("m/1", files -> files.folder())) {
                    assertThat(orphan).doesNotExist();
                    assertThat(used.resolve("m.bin")).exists();
                    assertThat(folders())
                            .containsExactlyInAnyOrder(
                                    foreign, used, loaded.<Path, RuntimeException>call(path -> path));
                }
            }
        }
    }
}
