package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that is copied file by file, in any order, while a process works on it. No such copy is a
 * moment of the store, but each opens, and what refers to something that was copied too early is told by name.
 */
@QuietExtension.Warned
final class CopyTest {
    private static final int COPIES = 6 * Math.min(4, Integer.getInteger("mlops.faults", 1));
    private static final int POINTS = 200;

    @TempDir
    private Path folder;

    /** Records, registers and moves, a round for each line; says when it is done. */
    static final class Working {
        public static void main(String[] args) throws IOException {
            Path model = Files.createDirectory(Path.of(args[1]));
            Files.write(model.resolve("weights"), new byte[50_000]);
            Files.writeString(model.resolve("labels"), "yes no");
            try (Mlops mlops = Mlops.open(args[0])) {
                while (System.in.read() >= 0) {
                    RunId id = mlops.tracker().run("churn", run -> {
                        run.param("seed", 42);
                        for (int step = 0; step < POINTS; step++) {
                            run.metric("loss", step, step);
                        }
                        run.artifacts().put("weights", model.resolve("weights"));
                    });
                    ModelVersion version = mlops.registry()
                            .register(ModelSpec.of("churn", model).run(id));
                    mlops.registry().move(AliasMove.of("churn@champion", version.id()));
                    System.out.println(version.number());
                }
            }
        }
    }

    @Test
    void everyCopyOpensAndCanBeWorkedWith() throws Exception {
        Path store = folder.resolve("store");
        int missing = 0;
        try (ChildJvm child = ChildJvm.start(Working.class, "file:" + store, folder.resolve("model"))) {
            child.tell("");
            child.awaitLine("1");
            for (int i = 0; i < COPIES; i++) {
                Path copy = Files.createDirectory(folder.resolve("copy-" + i));
                copyWhileItWorks(child, store, copy, i % 2 == 0);
                missing += lookAtAll(copy);
                workOn(copy);
            }
        }
        assertThat(missing)
                .as("what was copied last refers to what was not there at first")
                .isPositive();
    }

    /** Copies one part of the store after another; the process does a round meanwhile, each time. */
    private static void copyWhileItWorks(ChildJvm child, Path store, Path copy, boolean forwards) throws IOException {
        List<Path> parts = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(store)) {
            entries.forEach(parts::add);
        }
        parts.sort(forwards ? Comparator.naturalOrder() : Comparator.reverseOrder());
        for (Path part : parts) {
            child.tell("");
            copy(part, copy.resolve(store.relativize(part).toString()));
            assertThat(child.line()).matches("[0-9]+");
        }
    }

    /** Like {@code cp -r}, which passes over what is gone when its turn comes. */
    private static void copy(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
            if (Files.isDirectory(from)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
                    for (Path entry : entries) {
                        copy(entry, to.resolve(entry.getFileName().toString()));
                    }
                }
            }
        } catch (NoSuchFileException gone) {
            assertThat(gone).hasMessageContaining(from.toString());
        }
    }

    /** Every list can be read to its end; a single thing is there, or is missing by name. Returns how many are missing. */
    private static int lookAtAll(Path copy) throws IOException {
        int missing = 0;
        try (Mlops mlops = Mlops.open("file:" + copy)) {
            for (RunInfo run : mlops.tracker().search(RunQuery.of("churn"))) {
                List<Long> steps = mlops.tracker().history(run.id(), "loss").stream()
                        .map(MetricPoint::step)
                        .toList();
                assertThat(steps)
                        .as("a part from the beginning on")
                        .isEqualTo(LongStream.range(0, steps.size()).boxed().toList());
                for (ArtifactEntry entry : mlops.tracker().artifacts(run.id()).list("")) {
                    missing += tryTo(() -> {
                        try (InputStream in = mlops.tracker()
                                .artifacts(run.id())
                                .open(entry.path().value())) {
                            assertThat(in.readAllBytes()).hasSize(50_000);
                        }
                    });
                }
            }
            int aliases = mlops.registry()
                    .findModel("churn")
                    .map(model -> model.aliases().size())
                    .orElse(0);
            assertThat(aliases).isLessThanOrEqualTo(1);
            for (ModelVersion version : mlops.registry().versions("churn")) {
                missing += tryTo(() -> mlops.serving()
                        .load(version.id().toString(), files -> files)
                        .close());
            }
            assertThat(mlops.registry().history("churn")).isNotNull();
            missing += tryTo(
                    () -> mlops.serving().load("churn@champion", files -> files).close());
        }
        return missing;
    }

    private static int tryTo(Disk.Action action) throws IOException {
        try {
            action.run();
            return 0;
        } catch (MlopsException e) {
            assertThat(e).hasMessageContaining("churn");
            return 1;
        }
    }

    private void workOn(Path copy) {
        try (Mlops mlops = Mlops.open("file:" + copy)) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
            ModelVersion version = mlops.registry()
                    .register(ModelSpec.of("churn", folder.resolve("model")).run(id));
            mlops.registry().move(AliasMove.of("churn@champion", version.id()));
            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            mlops.serving().load("churn@champion", files -> files).close();
        }
    }
}
