package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a Triton server sees under {@code models/}: a folder there is a model, a folder below it a version, and anything
 * else below a model, or a changed time, makes it load every version again.
 */
final class ModelsFolderTest {
    private static final int OPERATIONS = 100;

    @TempDir
    private Path folder;

    private Path root;
    private Path model;

    /** A disk of a process that dies at its n-th rename or link. */
    private static final class EndingDisk extends Disk {
        private final AtomicInteger left;

        EndingDisk(int left) {
            this.left = new AtomicInteger(left);
        }

        private void count() {
            if (left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(9);
            }
        }

        @Override
        public void replace(Path staged, Path target) throws IOException {
            count();
            super.replace(staged, target);
        }

        @Override
        public boolean claimFile(Path staged, Path target) throws IOException {
            count();
            return super.claimFile(staged, target);
        }

        @Override
        public boolean claimFolder(Path staged, Path target) throws IOException {
            count();
            return super.claimFolder(staged, target);
        }
    }

    /** Does one operation of each kind, and dies before the n-th rename. */
    static final class Dying {
        public static void main(String[] args) {
            EndingDisk disk = new EndingDisk(Integer.parseInt(args[2]));
            try (FsBackend backend = FsBackend.at(Path.of(args[0]), disk);
                    Mlops mlops = Mlops.using(backend)) {
                for (int i = 0; i < 5; i++) {
                    operate(mlops, Path.of(args[1]), i);
                }
            }
        }
    }

    private static void operate(Mlops mlops, Path model, int i) {
        switch (i % 5) {
            case 0 -> {
                ModelVersion unused = mlops.registry().register(ModelSpec.of("churn", model));
            }
            case 1 -> mlops.registry().move(AliasMove.of("churn@champion", 1).because("turn " + i));
            case 2 -> mlops.registry().tag(mlops.registry().get("churn/1").id(), "turn", Integer.toString(i));
            case 3 -> mlops.registry().move(AliasMove.remove("churn@champion"));
            default -> {
                ModelVersion unused = mlops.registry().register(ModelSpec.of("Größe " + i / 50, model));
            }
        }
    }

    @BeforeEach
    void makeModel() throws IOException {
        root = folder.resolve("store");
        model = Files.createDirectory(folder.resolve("model"));
        Files.createDirectory(model.resolve("code"));
        Files.writeString(model.resolve("model.onnx"), "weights");
        Files.writeString(model.resolve("code/a.py"), "pass");
    }

    private void assertOnlyFinishedVersions() throws IOException {
        try (Stream<Path> models = Files.list(root.resolve("models"))) {
            for (Path each : models.toList()) {
                assertThat(each).isDirectory();
                try (Stream<Path> versions = Files.list(each)) {
                    assertThat(versions).allSatisfy(version -> {
                        assertThat(version.getFileName().toString()).matches("[1-9][0-9]*");
                        assertThat(version.resolve("version.json")).isRegularFile();
                        assertThat(version.resolve("code/a.py")).isRegularFile();
                    });
                }
            }
        }
    }

    @Test
    void onlyFinishedVersionsAreThereWhateverIsDone() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + root)) {
            for (int i = 0; i < OPERATIONS; i++) {
                operate(mlops, model, i);
            }
            assertThat(mlops.registry().versions("churn")).hasSize(OPERATIONS / 5);
        }
        assertOnlyFinishedVersions();
    }

    @Test
    void onlyFinishedVersionsAreThereWheneverAProcessDies() throws Exception {
        FsBackend.at(root).close();
        int exit = 9;
        int renames = 0;
        while (exit == 9) {
            try (ChildJvm child = ChildJvm.start(Dying.class, root, model, ++renames)) {
                exit = child.exit();
            }
            if (Files.exists(root.resolve("models"))) {
                assertOnlyFinishedVersions();
            }
        }

        assertThat(exit).isZero();
        assertThat(renames).as("it died at each of them").isGreaterThan(6);
        try (Mlops mlops = Mlops.open("file:" + root)) {
            List<Integer> numbers = mlops.registry().versions("churn").stream()
                    .map(ModelVersion::number)
                    .sorted()
                    .toList();
            assertThat(numbers).startsWith(1, 2).doesNotHaveDuplicates();
            assertThat(numbers.get(numbers.size() - 1)).as("no gaps").isEqualTo(numbers.size());
        }
        assertThat(root.resolve(".staging")).isEmptyDirectory();
    }

    @Test
    void nothingIsTouchedByWhatChangesAboutAModel() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + root)) {
            operate(mlops, model, 0);
            Map<String, FileTime> before = times();
            // A tick of any file system's clock.
            FileTime past = FileTime.fromMillis(1_000_000_000_000L);
            for (String path : before.keySet()) {
                Files.setLastModifiedTime(root.resolve(path), past);
            }
            before.replaceAll((path, time) -> past);

            for (int i = 1; i < 5; i++) {
                operate(mlops, model, i);
            }
            mlops.serving().load("churn/1", files -> files).close();

            assertThat(times()).isEqualTo(before);
        }
    }

    private Map<String, FileTime> times() throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root.resolve("models/churn"))) {
            for (Path file : files.toList()) {
                times.put(root.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
