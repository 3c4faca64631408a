package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelLease;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import io.mlops.api.spi.FileListDigest;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what training code and people see of a {@link ModelRegistry}, whatever keeps its models. */
abstract class RegistryContract extends ProgramSuite {
    @TempDir
    private Path work;

    private Path file(String name, String text) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void aFileBecomesTheNextVersion() throws IOException {
        Path model = file("churn.bin", "weights");

        ModelVersion first = registry()
                .register(ModelSpec.of("churn", model).description("first").tag("origin", "java"));
        ModelVersion second = registry().register(ModelSpec.of("churn", model).parent(1));

        assertThat(first.id()).isEqualTo(new ModelVersionId("churn", 1));
        assertThat(first.description()).isEqualTo("first");
        assertThat(first.tags()).isEqualTo(Map.of("origin", "java"));
        assertThat(first.by()).isNotEmpty();
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.parent()).isEqualTo(1);
        assertThat(second.digest()).as("equal files have equal digests").isEqualTo(first.digest());
        assertThat(paths(first)).containsExactly("MLmodel", "churn.bin");
        assertThat(read(first, "churn.bin")).isEqualTo("weights");
        assertThat(registry().versions("churn").stream().map(ModelVersion::number))
                .containsExactly(2, 1);
        assertThat(registry().models().stream().map(model1 -> model1.name())).containsExactly("churn");
    }

    @Test
    void aFolderIsTakenWhole() throws IOException {
        file("model/a.bin", "a");
        file("model/sub/größe.bin", "b");
        file("model/code/__pycache__/x.pyc", "python's");
        file("model/registered_model_meta", "python's");

        ModelVersion version = registry().register(ModelSpec.of("churn", work.resolve("model")));

        assertThat(paths(version)).containsExactly("MLmodel", "a.bin", "sub/größe.bin");
        List<ArtifactEntry> entries = registry().files(version.id()).list("").first(10);
        assertThat(version.digest()).isEqualTo(FileListDigest.of(entries));
    }

    @Test
    void theDescriptionForPythonTellsFlavorAndSignature() throws IOException {
        ModelSignature signature = ModelSignature.of(
                Schema.of(Column.required("age of 'x'", ColumnType.Scalar.DOUBLE)),
                Schema.of(Column.required("p", ColumnType.Scalar.DOUBLE)));

        ModelVersion java =
                registry().register(ModelSpec.of("churn", file("m.bin", "x")).signature(signature));
        ModelVersion onnx = registry().register(ModelSpec.of("churn", file("m.onnx", "x")));

        assertThat(java.signature()).isEqualTo(signature);
        assertThat(registry().get("churn/1").signature()).isEqualTo(signature);
        assertThat(read(java, "MLmodel")).isEqualTo("""
                        flavors:
                          java_function:
                            files:
                            - 'm.bin'
                        model_size_bytes: 1
                        signature:
                          inputs: '[{"type":"double","name":"age of ''x''","required":true}]'
                          outputs: '[{"type":"double","name":"p","required":true}]'
                          params: null
                        """);
        assertThat(read(onnx, "MLmodel"))
                .contains("onnx:", "python_function:", "loader_module: mlflow.onnx", "'m.onnx'");
    }

    @Test
    void aFolderThatDescribesItselfIsTakenAsItIs() throws IOException {
        file("model/MLmodel", "flavors: {sklearn: {}}\n");
        file("model/model.pkl", "x");

        ModelVersion version = registry().register(ModelSpec.of("churn", work.resolve("model")));

        assertThat(read(version, "MLmodel")).isEqualTo("flavors: {sklearn: {}}\n");
    }

    @Test
    void whatCannotBeRegisteredIsRefusedAndTakesNoNumber() throws IOException {
        Path empty = Files.createDirectory(work.resolve("empty"));
        file("linked/model.bin", "x");
        Files.createSymbolicLink(work.resolve("linked/weights"), work.resolve("linked/model.bin"));
        file("manifest/version.json", "{}");

        assertThatThrownBy(() -> registry().register(ModelSpec.of("churn", work.resolve("missing"))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> registry().register(ModelSpec.of("churn", empty)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> registry().register(ModelSpec.of("churn", work.resolve("linked"))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("weights", "symbolic link");
        assertThatThrownBy(() -> registry().register(ModelSpec.of("churn", work.resolve("manifest"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("version.json", "rename it, or put it into a folder");
        file("odd/weights:0.bin", "x");
        assertThatThrownBy(() -> registry().register(ModelSpec.of("churn", work.resolve("odd"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("weights:0.bin", "rename", "weights_0.bin");
        assertThatThrownBy(() -> ModelSpec.of(" ", empty)).isInstanceOf(IllegalArgumentException.class);
        assertThat(registry().findModel("churn")).isEmpty();
        assertThat(registry().register(ModelSpec.of("churn", file("m", "x"))).number())
                .isEqualTo(1);
    }

    @Test
    void oneKeyIsOneVersion() throws IOException {
        ModelSpec spec = ModelSpec.of("churn", file("m", "x")).key("nightly-2026-11-21");

        assertThat(registry().register(spec)).isEqualTo(registry().register(spec));
        assertThat(registry().versions("churn")).hasSize(1);
    }

    @Test
    void aVersionAndItsRunKnowEachOther() throws IOException {
        Path model = file("m", "x");
        ModelVersion[] inside = new ModelVersion[1];

        RunId run = tracker().run("churn", open -> {
            inside[0] = registry().register(ModelSpec.of("churn", model).run(open.id()));
        });
        ModelVersion after = registry().register(ModelSpec.of("churn", model).run(run));

        assertThat(inside[0].run()).isEqualTo(run);
        assertThat(tracker().get(run).outputs()).containsExactly(inside[0].id(), after.id());
        assertThatThrownBy(
                        () -> registry().register(ModelSpec.of("churn", model).run(new RunId("unknown"))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
        assertThat(registry().versions("churn")).hasSize(2);
    }

    @Test
    void aRunIsStoredBeforeAVersionNamesIt() throws IOException {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            registry().register(ModelSpec.of("churn", file("m", "x")).run(run.id()));

            assertThat(tracker().find(run.id())).isPresent();
        }
    }

    @Test
    void anAliasMovesUnderGuardWithAReason() throws IOException {
        Path model = file("m", "x");
        ModelVersion first = registry().register(ModelSpec.of("churn", model));
        ModelVersion second = registry().register(ModelSpec.of("churn", model));

        registry()
                .move(AliasMove.of("churn@champion", first.id())
                        .expectingUnset()
                        .because("first"));
        registry().move(AliasMove.of("churn@champion", second.id()).expecting(1).because("AUC +0.02"));

        assertThat(registry().get("churn@champion")).isEqualTo(second);
        assertThat(registry().get("churn@latest")).isEqualTo(second);
        assertThat(registry().get("churn#" + first.digest())).isEqualTo(first);
        assertThat(registry().findModel("churn").orElseThrow().aliases()).isEqualTo(Map.of("champion", 2));
        assertThat(registry().history("churn")).hasSize(2);
        assertThatThrownBy(() -> registry()
                        .move(AliasMove.of("churn@champion", first.id()).expecting(1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("churn/2");
        assertThatThrownBy(() -> registry().get("churn")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMoveTakesVersionsAsTheyWereFound() throws IOException {
        ModelVersion first = registry().register(ModelSpec.of("churn", file("m", "x")));
        ModelVersion second = registry().register(ModelSpec.of("churn", file("m", "x")));
        Optional<ModelVersion> nothing = registry().find("churn@champion");

        registry().move(AliasMove.of("churn@champion", first).expecting(nothing));
        Optional<ModelVersion> champion = registry().find("churn@champion");
        registry().move(AliasMove.of("churn@champion", second).expecting(champion));

        assertThat(registry().get("churn@champion")).isEqualTo(second);
        assertThatThrownBy(() ->
                        registry().move(AliasMove.of("churn@champion", first).expecting(champion)))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() ->
                        registry().move(AliasMove.of("churn@champion", first).expecting(nothing)))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void whatIsNotThereNamesThePlaceAndWhatIsNear() throws IOException {
        ModelVersion version = registry().register(ModelSpec.of("churn", file("m", "x")));
        registry().move(AliasMove.of("churn@champion", version));

        assertNotFound("chrun/1", "no model 'chrun' in ", ", only churn");
        assertNotFound("chrun@champion", "no model 'chrun' in ", ", only churn");
        assertNotFound("churn@prod", "churn has no alias 'prod', only champion", "(in ");
        assertNotFound("churn/2", "no model version churn/2 in ", ", only 1");
        assertNotFound("churn#sha256:" + "0".repeat(64), "no version of model churn in ", "sha256:000");
    }

    private void assertNotFound(String reference, String... parts) {
        assertThatThrownBy(() -> registry().get(reference))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll(parts);
        assertThatThrownBy(() -> serving().load(reference, files -> files))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void anIdIsAReference() throws IOException {
        ModelVersion version = registry().register(ModelSpec.of("churn", file("m", "x")));

        assertThat(registry().get(version.id())).isEqualTo(version);
        assertThat(registry().find(version.id())).contains(version);
        try (ModelHandle<Path> loaded = serving().load(version.id(), files -> files.path("m"))) {
            assertThat(loaded.version()).isEqualTo(version);
        }
    }

    @Test
    void everythingSaysWhatItIs() throws IOException {
        ModelVersion version = registry().register(ModelSpec.of("churn", file("m", "x")));

        assertThat(registry()).asString().startsWith("models in ");
        assertThat(serving()).asString().startsWith("models served from ");
        assertThat(registry().models().toString()).startsWith("models in ");
        assertThat(registry().versions("churn").toString()).startsWith("versions of model churn in ");
        assertThat(registry().history("churn").toString()).startsWith("moves of the aliases of model churn in ");
        ModelHandle<Path> handle = serving().load(version.id(), files -> files.path("m"));
        try (handle) {
            assertThat(handle).hasToString("model version churn/1, READY, used by 0");
            try (ModelLease<Path> lease = handle.lease()) {
                assertThat(lease).hasToString("lease of model version churn/1");
            }
        }
        assertThat(handle).hasToString("model version churn/1, CLOSED, used by 0");
    }

    @Test
    void tagsOfAVersionChange() throws IOException {
        ModelVersion version = registry().register(ModelSpec.of("churn", file("m", "x")));

        registry().tag(version.id(), "reviewed", "yes");

        assertThat(registry().get("churn/1").tags()).isEqualTo(Map.of("reviewed", "yes"));
    }

    @Test
    void anAliasIsOfTheModelThatItNames() throws IOException {
        registry().register(ModelSpec.of("churn", file("m", "x")));
        registry().register(ModelSpec.of("other", file("m", "x")));

        registry().move(AliasMove.of("other@x", 1));

        assertThat(registry().findModel("churn").orElseThrow().aliases()).isEmpty();
        assertThat(registry().findModel("other").orElseThrow().aliases()).isEqualTo(Map.of("x", 1));
        assertThat(registry().history("churn")).isEmpty();
        assertThat(registry().history("other"))
                .singleElement()
                .satisfies(event -> assertThat(event.move()).isEqualTo(AliasMove.of("other@x", 1)));
    }

    @Test
    void aParentIsAVersionThatIsThere() throws IOException {
        ModelSpec spec = ModelSpec.of("churn", file("m", "x"));

        assertThatThrownBy(() -> spec.parent(-5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-5");
        assertThatThrownBy(() -> registry().register(spec.parent(1)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("churn/1");
        assertThat(registry().findModel("churn")).isEmpty();
    }
}
