package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.registry.ModelSpec;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose system speaks another language gets the same answers from the store: no message of the system is interpreted. */
@NeedsPeer(Peer.GERMAN)
final class TranslatedMessageTest {
    private static final int VERSIONS = 15;

    @TempDir
    private Path folder;

    /** Tries to take a name that is taken, by itself and through the store, and then registers versions. */
    static final class Claiming {
        public static void main(String[] args) throws IOException {
            Path taken = Path.of(args[0]);
            Path staged = Files.createTempDirectory(taken.getParent(), "staged");
            Files.createFile(staged.resolve("weights.bin"));
            try {
                Files.move(staged, taken, StandardCopyOption.ATOMIC_MOVE);
                System.out.println("moved");
            } catch (FileSystemException e) {
                System.out.println(e.getMessage());
            }
            System.out.println(new Disk().claimFolder(staged, taken));
            try (Mlops mlops = Mlops.open(args[1])) {
                for (int i = 0; i < VERSIONS; i++) {
                    System.out.println(mlops.registry()
                            .register(ModelSpec.of("churn", staged))
                            .number());
                }
            }
        }
    }

    private ChildJvm german() throws IOException {
        List<String> prefix = List.of("env", "LC_ALL=de_DE.UTF-8", "LOCPATH=" + folder.resolve("locales"));
        return ChildJvm.start(
                prefix,
                System.getProperty("java.class.path"),
                Claiming.class,
                folder.resolve("taken"),
                "file:" + folder.resolve("store"));
    }

    @Test
    void twoProcessesThatTakeTheSameNumbersGoOnToTheNext() throws Exception {
        Path locales = Files.createDirectory(folder.resolve("locales"));
        int made = new ProcessBuilder("localedef", "-i", "de_DE", "-f", "UTF-8", locales + "/de_DE.UTF-8")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(made).isZero();
        Files.createFile(Files.createDirectory(folder.resolve("taken")).resolve("somebody's"));
        FsBackend.at(folder.resolve("store")).close();

        try (ChildJvm one = german();
                ChildJvm another = german()) {
            List<String> lines = one.lines();
            lines.subList(0, 2).clear();
            List<String> others = another.lines();

            assertThat(others.get(0)).as("the system speaks German").endsWith("Das Verzeichnis ist nicht leer");
            assertThat(others.get(1)).isEqualTo("false");
            lines.addAll(others.subList(2, others.size()));
            assertThat(lines.stream().map(Integer::valueOf).sorted())
                    .isEqualTo(IntStream.rangeClosed(1, 2 * VERSIONS).boxed().toList());
        }
    }
}
