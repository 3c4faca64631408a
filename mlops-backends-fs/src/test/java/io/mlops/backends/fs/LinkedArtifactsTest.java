package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions of which a run has the bytes already: the disk holds them once, and neither can spoil the other. */
final class LinkedArtifactsTest {
    @TempDir
    private Path folder;

    private Path root;
    private RunId run;

    @BeforeEach
    void makeRun() {
        root = folder.resolve("store");
        try (Mlops mlops = Mlops.open("file:" + root)) {
            run = mlops.tracker().run("churn", open -> {
                open.artifacts().putText("model/deep/weights.bin", "weights");
                open.artifacts().putText("model/labels.txt", "yes no");
            });
        }
    }

    private Path artifact(String path) {
        return root.resolve("experiments/churn/" + run + "/artifacts/model/" + path);
    }

    private Path file(ModelVersion version, String path) {
        return root.resolve("models/" + version.id() + "/" + path);
    }

    private String read(Mlops mlops, ModelVersion version) throws IOException {
        return new String(
                mlops.registry().files(version.id()).open("deep/weights.bin").readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theDiskHoldsTheBytesOnce() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + root)) {
            ModelVersion version = mlops.registry().register(ModelSpec.ofArtifacts("churn", run, "model"));

            for (String path : new String[] {"deep/weights.bin", "labels.txt"}) {
                assertThat(Files.isSameFile(artifact(path), file(version, path)))
                        .as(path)
                        .isTrue();
            }
            new Disk().deleteTree(root.resolve("experiments/churn"));
            assertThat(read(mlops, version)).isEqualTo("weights");
        }
    }

    @Test
    void aDiskWithoutLinksHoldsThemTwice() throws IOException {
        Disk disk = new Disk() {
            @Override
            public boolean claimFile(Path staged, Path target) throws IOException {
                if (target.endsWith("weights.bin")) {
                    throw new FileSystemException(target.toString(), staged.toString(), "Invalid cross-device link");
                }
                return super.claimFile(staged, target);
            }
        };
        try (FsBackend backend = FsBackend.at(root, disk);
                Mlops mlops = Mlops.using(backend)) {
            ModelVersion version = mlops.registry().register(ModelSpec.ofArtifacts("churn", run, "model"));

            assertThat(Files.isSameFile(artifact("deep/weights.bin"), file(version, "deep/weights.bin")))
                    .isFalse();
            assertThat(read(mlops, version)).isEqualTo("weights");
        }
    }

    @Test
    void whatIsReplacedJustThenIsCopiedAsItIs() throws IOException {
        try (FsBackend others = FsBackend.at(root)) {
            Disk disk = new Disk() {
                @Override
                public boolean claimFile(Path staged, Path target) throws IOException {
                    boolean claimed = super.claimFile(staged, target);
                    if (target.endsWith("weights.bin")) {
                        var unused = others.artifacts()
                                .put(run, Map.of(RelativePath.of("model/deep/weights.bin"), Content.text("others")));
                    }
                    return claimed;
                }
            };
            try (FsBackend backend = FsBackend.at(root, disk);
                    Mlops mlops = Mlops.using(backend)) {
                ModelVersion version = mlops.registry().register(ModelSpec.ofArtifacts("churn", run, "model"));

                assertThat(read(mlops, version)).isEqualTo("others");
                try (var loaded = mlops.serving().load(version.id(), files -> files.path("deep/weights.bin"))) {
                    assertThat(loaded.<Path, RuntimeException>call(path -> path))
                            .hasContent("others");
                }
            }
        }
    }

    @Test
    void aDamagedArtifactBecomesNoVersion() throws IOException {
        Files.writeString(artifact("deep/weights.bin"), "wEights");

        try (Mlops mlops = Mlops.open("file:" + root)) {
            assertThatThrownBy(() -> mlops.registry().register(ModelSpec.ofArtifacts("churn", run, "model")))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContainingAll("model/deep/weights.bin", run.value());
            assertThat(mlops.registry().findModel("churn")).isEmpty();
        }
    }

    @Test
    @Timeout(20)
    void aPipeInPlaceOfAFileIsNotOpened() throws Exception {
        try (Mlops mlops = Mlops.open("file:" + root)) {
            ModelVersion version = mlops.registry().register(ModelSpec.ofArtifacts("churn", run, "model"));
            Path pipe = file(version, "labels.txt");
            Files.delete(pipe);
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();

            assertThatThrownBy(() -> mlops.serving().load("churn/1", files -> files))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContainingAll("churn/1", "labels.txt", "no file");
        }
    }
}
