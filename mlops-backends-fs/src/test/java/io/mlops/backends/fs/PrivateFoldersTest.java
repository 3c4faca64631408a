package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mlops.api.registry.ModelSpec;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders that models are loaded from: whose they are, and what remains of those of a killed process. */
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

    @BeforeEach
    void register() throws IOException {
        Files.writeString(folder.resolve("m.bin"), "weights");
        try (Mlops mlops = open(folder)) {
            mlops.registry().register(ModelSpec.of("m", folder.resolve("m.bin")));
        }
    }

    /** Loads the model, and closes it. */
    private Path load() {
        try (Mlops mlops = open(folder);
                var loaded = mlops.serving().load("m/1", files -> files.folder())) {
            return loaded.call(path -> path);
        }
    }

    /** All models below the work folder, but for what shows who lives. */
    private static List<Path> models(Path common) throws IOException {
        try (Stream<Path> folders = Files.list(common)) {
            return folders.filter(path -> !path.endsWith(".live")).toList();
        }
    }

    private void theDeadGoAndTheLivingStay(List<String> prefix) throws Exception {
        Path foreign = Files.createDirectories(folder.resolve("work/mlops-models-kept"));
        try (ChildJvm killed = ChildJvm.start(prefix, System.getProperty("java.class.path"), Serving.class, folder);
                ChildJvm living = ChildJvm.start(Serving.class, folder);
                Mlops mlops = open(folder)) {
            Path orphan = Path.of(killed.line());
            Path used = Path.of(living.line());
            killed.kill();
            assertThat(orphan.resolve("m.bin")).exists();

            // What kills the process with its container may take a moment.
            await().untilAsserted(() -> {
                try (var loaded = mlops.serving().load("m/1", files -> files.folder())) {
                    Path mine = loaded.call(path -> path);
                    assertThat(models(mine.getParent())).containsExactlyInAnyOrder(used, mine);
                    assertThat(used.resolve("m.bin")).exists();
                }
            });
            assertThat(foreign).exists();
        }
    }

    @Test
    void theFolderOfAKilledProcessIsRemovedAndThatOfALivingOneIsNot() throws Exception {
        theDeadGoAndTheLivingStay(List.of());
    }

    @Test
    @NeedsPeer(Peer.NAMESPACE)
    void soItIsWhereProcessesAreNumberedByContainers() throws Exception {
        List<String> container = List.of("unshare", "--pid", "--fork", "--kill-child");
        theDeadGoAndTheLivingStay(container);
    }

    @Test
    void nothingLiesInAFolderThatOthersMayEnter() throws IOException {
        Path common = load().getParent();
        assertThat(models(common)).isEmpty();
        Files.setPosixFilePermissions(common, PosixFilePermissions.fromString("rwxrwxrwx"));

        Path another = load().getParent();

        assertThat(another).isNotEqualTo(common);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(another)))
                .isEqualTo("rwx------");
        assertThat(models(common)).isEmpty();
    }

    @Test
    void noLinkIsFollowed() throws IOException {
        Path common = load().getParent();
        Path elsewhere = Files.move(common, folder.resolve("elsewhere"));
        Files.createSymbolicLink(common, elsewhere);

        assertThat(load().getParent()).isNotEqualTo(common);
    }

    @Test
    void nobodyElseCanTakeAllNames() throws IOException {
        Path common = load().getParent();
        for (int i = 1; i <= 30; i++) {
            Path name = i == 1 ? common : common.resolveSibling(common.getFileName() + "-" + i);
            Files.createDirectories(name);
            Files.setPosixFilePermissions(name, PosixFilePermissions.fromString("rwxrwxrwx"));
        }

        Path another = load().getParent();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(another)))
                .isEqualTo("rwx------");
    }
}
