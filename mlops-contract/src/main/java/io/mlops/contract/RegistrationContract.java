package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelSource;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests out of what a version is registered: each way is the same version. */
abstract class RegistrationContract extends ProgramSuite {
    @TempDir
    private Path work;

    @Test
    void everySourceOfTheSameFilesIsTheSameVersion() throws IOException {
        Path file = Files.writeString(work.resolve("model.ubj"), "weights");
        RunId run = tracker().run("churn", open -> open.artifacts().putText("model.ubj", "weights"));
        TreeMap<RelativePath, Content> contents =
                new TreeMap<>(Map.of(RelativePath.of("model.ubj"), Content.text("weights")));
        Digest digest = registry().register(ModelSpec.of("churn", file)).digest();

        for (ModelSource source : Cases.of(
                ModelSource.class,
                List.of(
                        new ModelSource.Local(file),
                        new ModelSource.Contents(contents),
                        new ModelSource.OfRun(run, "model.ubj")))) {
            ModelVersion version = registry().register(ModelSpec.of("churn").files(source));

            assertThat(version.digest()).as(source.toString()).isEqualTo(digest);
            assertThat(paths(version)).containsExactly("MLmodel", "model.ubj");
            assertThat(read(version, "model.ubj")).isEqualTo("weights");
        }
        assertThat(registry().versions("churn")).hasSize(4);
    }

    @Test
    void bytesInMemoryNeedNoFile() throws IOException {
        ModelVersion version = registry().register(ModelSpec.of("churn", "booster/model.ubj", Content.text("weights")));

        assertThat(read(version, "booster/model.ubj")).isEqualTo("weights");
    }

    @Test
    void whatSavesAModelGetsAPrivateFolderThatIsGoneAfterwards() throws IOException {
        Path[] given = new Path[1];

        ModelVersion version = registry().register("churn", folder -> {
            given[0] = folder;
            Files.writeString(folder.resolve("model.ubj"), "weights");
        });
        RunId run = tracker().run("churn", open -> open.metric("auc", 0.9));
        ModelVersion second = registry()
                .register(
                        ModelSpec.of("churn").run(run).tag("origin", "java"),
                        folder -> Files.writeString(folder.resolve("model.ubj"), "weights"));

        assertThat(read(version, "model.ubj")).isEqualTo("weights");
        assertThat(given[0]).doesNotExist();
        assertThat(second.digest()).isEqualTo(version.digest());
        assertThat(second.run()).isEqualTo(run);
        assertThat(tracker().get(run).outputs()).containsExactly(second.id());
    }

    @Test
    void whatTheSaverThrowsComesOutUnchangedAndNothingIsRegistered() {
        IOException thrown = new IOException("no space");
        Path[] given = new Path[1];

        assertThatThrownBy(() -> registry().register("churn", folder -> {
                    given[0] = folder;
                    Files.writeString(folder.resolve("half"), "x");
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThatThrownBy(() -> registry().register("churn", folder -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing of churn was saved");
        assertThatThrownBy(() -> registry().register(ModelSpec.of("churn")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("churn", "names no files");
        assertThatThrownBy(() -> registry().register(ModelSpec.of("churn", work), folder -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("churn");
        assertThat(given[0]).doesNotExist();
        assertThat(registry().findModel("churn")).isEmpty();
    }

    @Test
    void artifactsOfARunBecomeAVersionOfIt() throws IOException {
        RunId run = tracker().run("churn", open -> {
            open.artifacts().putText("model/a.bin", "a");
            open.artifacts().putText("model/deep/b.bin", "b");
            open.artifacts().putText("report.html", "<p>fine</p>");
        });

        ModelVersion folder = registry().register(ModelSpec.ofArtifacts("churn", run, "model"));
        ModelVersion file = registry().register(ModelSpec.ofArtifacts("churn", run, "model/deep/b.bin"));
        ModelVersion all = registry().register(ModelSpec.ofArtifacts("churn", run, ""));

        assertThat(paths(folder)).containsExactly("MLmodel", "a.bin", "deep/b.bin");
        assertThat(paths(file)).containsExactly("MLmodel", "b.bin");
        assertThat(paths(all)).containsExactly("MLmodel", "model/a.bin", "model/deep/b.bin", "report.html");
        assertThat(read(folder, "deep/b.bin")).isEqualTo("b");
        assertThat(folder.run()).isEqualTo(run);
        assertThat(tracker().get(run).outputs()).containsExactly(folder.id(), file.id(), all.id());
        assertThatThrownBy(() -> registry().register(ModelSpec.ofArtifacts("churn", run, "modle")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("modle", run.value());
        assertThatThrownBy(() -> registry().register(ModelSpec.ofArtifacts("churn", new RunId("unknown"), "model")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
    }

    @Test
    void whoListensHearsOfEveryWayToRegister() {
        RunId run = tracker().run("churn", open -> open.artifacts().putText("model.ubj", "weights"));
        List<Long> done = new ArrayList<>();
        ModelRegistry heard = registry().progress((what, now, total) -> {
            assertThat(what).contains("churn");
            done.add(now == total ? Long.MAX_VALUE : now);
        });

        for (Supplier<ModelVersion> registering : List.<Supplier<ModelVersion>>of(
                () -> heard.register(ModelSpec.ofArtifacts("churn", run, "")),
                () -> heard.register(ModelSpec.of("churn", "model.ubj", Content.text("weights"))),
                () -> heard.register("churn", folder -> write(folder.resolve("model.ubj"))))) {
            done.clear();
            assertThat(registering.get().model()).isEqualTo("churn");
            assertThat(done).startsWith(0L).endsWith(Long.MAX_VALUE).isSorted();
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "weights");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aVersionStaysWhenTheArtifactIsReplacedOrPurged() throws IOException {
        ModelVersion[] version = new ModelVersion[1];
        RunId run = tracker().run("churn", open -> {
            open.artifacts().putText("model.ubj", "weights");
            version[0] = registry().register(ModelSpec.ofArtifacts("churn", open.id(), "model.ubj"));
            open.artifacts().putText("model.ubj", "others");
        });

        assertThat(read(version[0], "model.ubj")).isEqualTo("weights");
        assertThat(tracker().artifacts(run).open("model.ubj").readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("others");
    }

    @Test
    void theSameKeyWithOtherBytesIsAConflict() {
        ModelSpec first =
                ModelSpec.of("churn", "model.ubj", Content.text("weights")).key("build-3");
        ModelVersion version = registry().register(first);

        assertThat(registry().register(first)).isEqualTo(version);
        assertThatThrownBy(() -> registry()
                        .register(ModelSpec.of("churn", "model.ubj", Content.text("others"))
                                .key("build-3")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn/1", "'build-3'", "choose another key");
        assertThat(registry().versions("churn")).hasSize(1);
    }
}
