package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ElementType;
import io.mlops.api.schema.Fields;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import io.mlops.api.schema.TensorSpec;
import io.mlops.core.Mlops;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that MLflow for Python loads a registered version from its folder in the store, and that Java still accepts it
 * then.
 */
@NeedsPeer(Peer.PYTHON)
final class MlflowTest {
    private static final ModelSignature TENSORS = new ModelSignature(
            new Fields.Tensors(List.of(new TensorSpec("x", ElementType.FLOAT32, List.of(-1L, 2L)))),
            new Fields.Tensors(List.of(new TensorSpec("y", ElementType.FLOAT32, List.of(-1L, 2L)))));

    @TempDir
    private Path folder;

    @Test
    void describesAModelOfOurOwn() throws Exception {
        Path file = Files.writeString(folder.resolve("it's größer\u2028 {weights} # 1.txt"), "weights");
        Schema inputs = Schema.of(
                Column.required("größe", ColumnType.Scalar.DOUBLE),
                Column.optional(
                        "it's \"odd\" \\ \t\n\u007f\u0085\u2028 \uFEFF\uD83D\uDE00 # {a: b}", ColumnType.Scalar.LONG),
                Column.optional("when", ColumnType.Scalar.DATETIME),
                Column.required("tags", new ColumnType.ListOf(new ColumnType.MapOf(ColumnType.Scalar.STRING))),
                Column.required(
                        "place",
                        new ColumnType.StructOf(List.of(
                                Column.required("lat", ColumnType.Scalar.FLOAT),
                                Column.optional("name", ColumnType.Scalar.STRING)))),
                Column.optional("rest", new ColumnType.Any()));
        Schema outputs = Schema.of(Column.required("score", ColumnType.Scalar.DOUBLE));
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            ModelVersion version =
                    mlops.registry().register(ModelSpec.of("m", file).signature(ModelSignature.of(inputs, outputs)));
            JsonNode model = mlflow("describe");
            assertThat(model.at("/flavors/java_function/files/0").asText())
                    .isEqualTo(file.getFileName().toString());
            assertThat(model.get("bytes").asLong()).isEqualTo(Files.size(file));
            for (int i = 0; i < inputs.columns().size(); i++) {
                Column column = inputs.columns().get(i);
                JsonNode read = model.get("inputs").get(i);
                assertThat(read.get("name").asText()).isEqualTo(column.name());
                assertThat(read.get("required").asBoolean()).isEqualTo(column.required());
            }
            assertThat(model.at("/inputs/1/type").asText()).isEqualTo("long");
            assertThat(model.at("/inputs/3/items/values/type").asText()).isEqualTo("string");
            assertThat(model.at("/inputs/4/properties/lat/type").asText()).isEqualTo("float");
            assertThat(model.at("/inputs/4/properties/name/required").asBoolean())
                    .isFalse();
            assertThat(model.at("/outputs/0/type").asText()).isEqualTo("double");
            assertThat(version.signature()).isEqualTo(ModelSignature.of(inputs, outputs));
            assertJavaLoads(mlops, file);
        }
    }

    @Test
    void loadsAnOnnxFile() throws Exception {
        Path file = folder.resolve("it's größer.onnx");
        Program.python("make_onnx.py", file);
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            mlops.registry().register(ModelSpec.of("m", file).signature(TENSORS));
            assertMlflowPredicts();
            assertJavaLoads(mlops, file);
        }
    }

    @Test
    void loadsAnOnnxFileWithoutSignature() throws Exception {
        Path file = folder.resolve("model.onnx");
        Program.python("make_onnx.py", file);
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            mlops.registry().register(ModelSpec.of("m", file));
            assertMlflowPredicts();
            assertJavaLoads(mlops, file);
        }
    }

    @Test
    void loadsAnOnnxFolderWithWeightsBesideTheModel() throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        Program.python("make_onnx.py", model.resolve("model.onnx"), "weights.bin");
        assertThat(model.resolve("weights.bin")).isNotEmptyFile();
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            mlops.registry().register(ModelSpec.of("m", model).signature(TENSORS));
            assertMlflowPredicts();
            assertJavaLoads(mlops, model.resolve("model.onnx"), model.resolve("weights.bin"));
        }
    }

    @Test
    void leavesCompiledCodeThatJavaPassesOver() throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        Path mlmodel = Files.writeString(
                model.resolve("MLmodel"), "flavors:\n  python_function:\n    loader_module: adder\n    code: code\n");
        Path code =
                Files.writeString(Files.createDirectory(model.resolve("code")).resolve("adder.py"), """
                class Adder:
                    def predict(self, data, params=None):
                        return {"y": data["x"] + [1, 2]}

                def _load_pyfunc(path):
                    return Adder()
                """);
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            mlops.registry().register(ModelSpec.of("m", model));
            assertThat(mlflow("predict").get("y").toString()).isEqualTo("[[2.0,4.0],[4.0,6.0]]");
            assertThat(folder.resolve("store/models/m/1/code/__pycache__")).isNotEmptyDirectory();
            try (ModelHandle<VerifiedFiles> handle = mlops.serving().load("m/1", files -> files)) {
                assertThat(handle.<Long, Exception>call(files -> {
                            try (var all = Files.walk(files.folder())) {
                                return all.filter(Files::isRegularFile).count();
                            }
                        }))
                        .as("files that the loader sees")
                        .isEqualTo(2);
            }
            assertJavaLoads(mlops, mlmodel);
            assertThat(code).exists();
        }
    }

    private void assertMlflowPredicts() throws Exception {
        assertThat(mlflow("onnx").get("nodes").toString()).isEqualTo("[\"Add\"]");
        assertThat(mlflow("predict").get("y").toString()).isEqualTo("[[2.0,4.0],[4.0,6.0]]");
    }

    private static void assertJavaLoads(Mlops mlops, Path... sources) throws Exception {
        for (Path source : sources) {
            String name = source.getFileName().toString();
            try (ModelHandle<byte[]> handle =
                    mlops.serving().load("m/1", files -> Files.readAllBytes(files.path(name)))) {
                assertThat(handle.<byte[], RuntimeException>call(bytes -> bytes))
                        .isEqualTo(Files.readAllBytes(source));
            }
        }
    }

    /** Runs MLflow on the folder of version 1 and returns what it prints. */
    private JsonNode mlflow(String what) throws Exception {
        Path version = folder.resolve("store/models/m/1");
        return new ObjectMapper().readTree(Program.python("read_model.py", version, what));
    }
}
