package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import io.mlops.api.schema.ElementType;
import io.mlops.api.schema.Fields;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.TensorSpec;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Tracker;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.RealServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What Java records, MLflow's client for Python reads, and the other way round. */
@NeedsServer(Release.V3_17)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PythonTest {
    private static final String EXPERIMENT = "java größe " + UUID.randomUUID();
    private static final String MODEL = "java-" + UUID.randomUUID();
    private static final DataReference DATA =
            DataReference.external("customers", new Digest("md5", "0123456789abcdef"), "s3://bucket/customers.csv");
    private static final ModelSignature TENSORS = new ModelSignature(
            new Fields.Tensors(List.of(new TensorSpec("x", ElementType.FLOAT32, List.of(-1L, 2L)))),
            new Fields.Tensors(List.of(new TensorSpec("y", ElementType.FLOAT32, List.of(-1L, 2L)))));

    private final HttpBackend backend;
    private final Mlops mlops;

    /** What Python printed. */
    private JsonNode said;

    PythonTest(RealServer server) {
        backend = HttpBackend.at(server.address(), HttpSettings.standard());
        mlops = Mlops.using(backend, Straight.CONFIG);
    }

    @BeforeAll
    void recordAndLetPythonDoSo(RealServer server, @TempDir Path work) throws Exception {
        RunId run = mlops.tracker().run(RunSpec.of(EXPERIMENT).name("by Java").tag("team", "a b/ü"), each -> {
            each.params(new TreeMap<>(Map.of("rate", 0.1, "text", "größe\n")));
            for (int step = 0; step < 1200; step++) {
                each.metric("loss", 1.0 / (step + 1), step);
            }
            each.metric("odd", Double.NaN, 0);
            each.metric("odd", Double.POSITIVE_INFINITY, 1);
            each.metric("odd", Double.NEGATIVE_INFINITY, 2);
            each.metric("auc", 0.75, 0);
            each.note("a **note**");
            each.uses(DATA, "training");
            each.child("fold 1", child -> child.metric("auc", 0.7, 0));
            each.artifacts().putText("reports/größe 1%.txt", "größe");
        });
        try (InputStream adder = PythonTest.class.getResourceAsStream("/tour/adder.onnx")) {
            Files.copy(adder, work.resolve("adder.onnx"));
        }
        ModelVersion version = mlops.registry()
                .register(ModelSpec.of(MODEL, work.resolve("adder.onnx"))
                        .run(run)
                        .signature(TENSORS)
                        .description("adds")
                        .tag("checked", "yes"));
        mlops.registry().move(AliasMove.of(MODEL + "@champion", version));
        said = python(server.address(), mlops.tracker().get(run).storeId(), MODEL, work.toString());
    }

    @AfterAll
    void close() {
        mlops.close();
        backend.close();
    }

    private static JsonNode python(String... arguments) throws Exception {
        Path script =
                Path.of(PythonTest.class.getResource("/tour/python_client.py").toURI());
        ProcessBuilder program = new ProcessBuilder(System.getenv("MLOPS_PYTHON"), script.toString());
        program.command().addAll(List.of(arguments));
        program.environment().putAll(Map.of("MLFLOW_ENABLE_TELEMETRY", "false", "DO_NOT_TRACK", "true"));
        Path errors = Files.createTempFile("python", ".err");
        Process process = program.redirectError(errors.toFile()).start();
        try (InputStream output = process.getInputStream()) {
            String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(() -> read(errors)).isZero();
            // MLflow prints where to look at a run before we print what we read.
            return new ObjectMapper().readTree(printed.substring(printed.lastIndexOf("{\"read\"")));
        } finally {
            Files.delete(errors);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void pythonReadsTheRunThatJavaRecorded() {
        JsonNode run = said.get("read");
        assertThat(run.get("name").asText()).isEqualTo("by Java");
        assertThat(run.get("status").asText()).isEqualTo("FINISHED");
        assertThat(run.at("/params/rate").asText()).isEqualTo("0.1");
        assertThat(run.at("/params/text").asText()).isEqualTo("größe\n");
        assertThat(run.at("/tags/team").asText()).isEqualTo("a b/ü");
        assertThat(run.at("/tags/mlflow.note.content").asText()).isEqualTo("a **note**");
        assertThat(run.get("children").toString()).isEqualTo("[[\"fold 1\",{\"auc\":0.7}]]");
        assertThat(run.get("inputs").toString())
                .isEqualTo("[[\"customers\",\"0123456789abcdef\",{\"mlflow.data.context\":\"training\"}]]");
        assertThat(run.get("artifacts").toString()).isEqualTo("{\"reports/größe 1%.txt\":\"größe\"}");
        assertThat(run.get("best").asText())
                .isEqualTo(mlops.tracker()
                        .search(RunQuery.of(EXPERIMENT).orderBy("metrics.auc DESC"))
                        .findFirst()
                        .orElseThrow()
                        .storeId());
    }

    @Test
    void pythonReadsEveryPointThatJavaRecorded() {
        JsonNode loss = said.at("/read/history/loss");
        assertThat(loss).hasSize(1200);
        for (int step = 0; step < 1200; step++) {
            assertThat(loss.get(step).get(0).asInt()).isEqualTo(step);
            assertThat(Double.parseDouble(loss.get(step).get(1).asText())).isEqualTo(1.0 / (step + 1));
        }
        assertThat(said.at("/read/history/odd"))
                .extracting(JsonNode::toString)
                .containsExactlyInAnyOrder(
                        "[0,\"nan\"]", "[1,\"1.7976931348623157e+308\"]", "[2,\"-1.7976931348623157e+308\"]");
    }

    @Test
    void pythonPredictsWithTheModelThatJavaRegistered() {
        JsonNode version = said.at("/read/version");
        assertThat(version.get(2).asText()).isEqualTo("adds");
        assertThat(version.get(3).get("checked").asText()).isEqualTo("yes");
        JsonNode prediction = said.at("/read/prediction");
        double[][] expected = {{2, 4}, {4, 6}};
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 2; column++) {
                assertThat(prediction.get(row).get(column).asDouble()).isCloseTo(expected[row][column], within(1e-5));
            }
        }
    }

    @Test
    void javaReadsTheRunThatPythonRecorded() throws IOException {
        Tracker tracker = mlops.tracker();
        RunInfo run = tracker.get(new RunId(said.at("/recorded/run").asText()));
        assertThat(run.name()).isEqualTo("by Python");
        assertThat(run.experiment()).isEqualTo("python größe");
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.params()).isEqualTo(Map.of("rate", "0.1", "text", "größe\n"));
        assertThat(run.tags()).containsEntry("team", "a b/ü").containsEntry(RunFact.NOTE, "a **note**");
        assertThat(run.inputs()).singleElement().satisfies(input -> {
            assertThat(input.name()).isEqualTo("customers");
            assertThat(input.role()).isEqualTo("training");
        });
        List<MetricPoint> loss = tracker.history(run.id(), "loss").stream()
                .sorted(MetricPoint.BY_STEP)
                .toList();
        assertThat(loss)
                .hasSize(1200)
                .allSatisfy(point -> assertThat(point.value()).isEqualTo(1.0 / (point.step() + 1)));
        assertThat(tracker.history(run.id(), "odd").stream().map(MetricPoint::value))
                .containsExactlyInAnyOrder(Double.NaN, Double.MAX_VALUE, -Double.MAX_VALUE, 0.5);
        try (InputStream text = tracker.artifacts(run.id()).open("reports/größe 1%.txt")) {
            assertThat(text).hasContent("größe");
        }
        RunInfo fold = tracker.search(RunQuery.childrenOf(run.id())).findFirst().orElseThrow();
        assertThat(fold.name()).isEqualTo("fold 1");
        assertThat(fold.parent()).isEqualTo(run.id());
        assertThat(tracker.get(new RunId(said.at("/recorded/failed").asText())).status())
                .isEqualTo(RunStatus.FAILED);
        assertThat(tracker.environment(run.id())).isEmpty();
    }

    @Test
    void javaLoadsTheModelThatPythonRegistered() {
        String name = MODEL + "-python";
        ModelVersion version = mlops.registry().get(name + "@champion");
        assertThat(version.digest()).as("nobody proved it").isNull();
        assertThat(version.tags()).containsEntry("checked", "yes");
        assertThat(version.run()).isEqualTo(new RunId(said.at("/recorded/run").asText()));
        try (ModelHandle<VerifiedFiles> loaded = mlops.serving().load(name + "@champion", files -> {
            assertThat(files.path("model.onnx")).isNotEmptyFile();
            assertThat(files.path("MLmodel")).content().contains("onnx");
            return files;
        })) {
            VerifiedFiles files = loaded.<VerifiedFiles, RuntimeException>call(each -> each);
            assertThat(files.entries()).extracting(ArtifactEntry::digest).containsOnlyNulls();
        }
    }
}
