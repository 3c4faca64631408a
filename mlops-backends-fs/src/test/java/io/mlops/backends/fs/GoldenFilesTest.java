package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pins the format: the files of a small store, byte for byte. Whoever changes one of them changes what older versions and
 * other tools read, and says so in {@code docs/formats.md}.
 */
final class GoldenFilesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    private static final String GOLDEN = "/golden/";

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void makeStore() {
        root = folder.resolve("store");
        try (FsBackend store = FsBackend.at(root)) {
            makeRun(store);
            makeModel(store);
            deleteSome(store);
        }
    }

    private static void deleteSome(FsBackend store) {
        RunChange ended = new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(1));
        for (String experiment : List.of("kept", "deleted")) {
            RunId id = new RunId("run-" + experiment);
            store.runs().create(new RunDraft(id, experiment, "a run", NOON, null, Map.of()));
            store.runs().change(id, List.of(ended));
        }
        store.runs().change(new RunId("run-kept"), List.of(new RunChange.Deleted(NOON.plusSeconds(2))));
        store.experiments().change("kept", new ExperimentChange.Tagged("team", "growth"), NOON.plusSeconds(3));
        store.experiments().change("deleted", new ExperimentChange.Deleted(), NOON.plusSeconds(4));
    }

    private static void makeRun(FsBackend store) {
        RunId id = new RunId("20261121-120000-7f3a9c4e51d2");
        store.runs()
                .create(new RunDraft(
                        id, "Churn Größe", "deep forest", NOON, new RunId("sweep-1"), Map.of("team", "growth")));
        store.runs()
                .append(
                        id,
                        MetricBatch.wrap(
                                "a1b2c3d4",
                                0,
                                0,
                                4,
                                new String[] {"loss", "auc"},
                                new int[] {0, 1, 0, 1},
                                new long[] {0, 0, 1, 1},
                                new long[] {1000, 1000, 2000, 2000},
                                new double[] {0.5, Double.NaN, 0.1, Double.POSITIVE_INFINITY}));
        RunInput input = RunInput.of(
                DataReference.external("customers", Digest.parse("md5:00ff"), "s3://bucket/customers.csv"), "training");
        store.runs()
                .change(
                        id,
                        List.of(
                                new RunFact.ParamSet("trees", "200"),
                                new RunFact.RanIn(environment()),
                                new RunFact.Used(input),
                                new RunFact.Produced(new ModelVersionId("churn", 1)),
                                new RunChange.Ended(
                                        new RunOutcome.Failed("java.io.IOException", "no \"space\""),
                                        NOON.plusSeconds(60))));
        var unused = store.artifacts().put(id, Map.of(RelativePath.of("notes/a.txt"), Content.text("hello")));
    }

    private static RunEnvironment environment() {
        return new RunEnvironment(
                Map.of("java.version", "17.0.15", "git.commit", "0123456789abcdef0123456789abcdef01234567"),
                List.of(
                        new Dependency(
                                "org.slf4j:slf4j-api",
                                "2.0.18",
                                Digest.sha256(new byte[32]),
                                "slf4j-api-2.0.18.jar",
                                "app.jar"),
                        new Dependency("org.example:merged", null, null, null, "app.jar")),
                Map.of("git.changes", "something in the checkout is not committed"));
    }

    private static void makeModel(FsBackend store) {
        ModelSignature signature = ModelSignature.of(
                Schema.of(Column.required("age", ColumnType.Scalar.DOUBLE)),
                Schema.of(Column.optional("p", ColumnType.Scalar.DOUBLE)));
        var made = store.models()
                .create(new ModelDraft(
                        "nightly",
                        "churn",
                        new TreeMap<>(Map.of(RelativePath.of("model.bin"), Content.text("weights"))),
                        new RunId("20261121-120000-7f3a9c4e51d2"),
                        List.of(new DatasetVersionId("customers", 3)),
                        null,
                        signature,
                        "first forest",
                        Map.of("origin", "java"),
                        "anna",
                        NOON));
        assertThat(made.number()).isEqualTo(1);
        for (AliasMove move : List.of(
                AliasMove.of("churn@champion", 1).expectingUnset().because("first"),
                AliasMove.remove("churn@champion").because("recalled"))) {
            var unused = store.models().move(move, "anna", NOON);
        }
        store.models().change("churn", new ModelChange.Described("who leaves"));
        store.models().change("churn", new ModelChange.VersionTagged(1, "reviewed", "yes"));
    }

    /** What differs from store to store. */
    private static String withoutRandomParts(String text) {
        return text.replaceAll("crc32c:[0-9a-f]{8}", "<checksum>")
                .replaceAll("\"owner\": \"[^\"]+\"", "\"owner\": \"<owner>\"")
                .replaceAll("\"id\": \"[0-9a-f-]{36}\"", "\"id\": \"<uuid>\"")
                .replaceAll("(\"id\": \"<uuid>\",\n  \"created\": )\"[^\"]+\"", "$1\"<time>\"");
    }

    private Map<String, String> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("store.lock"))
                    .collect(Collectors.toMap(
                            file -> root.relativize(file).toString(),
                            GoldenFilesTest::contentOf,
                            (a, b) -> a,
                            TreeMap::new));
        }
    }

    private static String contentOf(Path file) {
        try {
            return file.toString().endsWith(".tfevents")
                    ? "see EventFileTest"
                    : withoutRandomParts(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = GoldenFilesTest.class.getResourceAsStream(GOLDEN + name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyFileIsWhereItWasAndSaysWhatItSaid() throws IOException {
        StringBuilder all = new StringBuilder();
        files().forEach((name, content) ->
                all.append("==== ").append(name).append('\n').append(content).append('\n'));

        assertThat(all.toString()).isEqualTo(golden("store.txt"));
    }

    @Test
    void nothingElseLiesAmongTheModels() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("models"))) {
            assertThat(new TreeSet<>(
                            files.map(file -> root.relativize(file).toString()).toList()))
                    .containsExactly(
                            "models",
                            "models/churn",
                            "models/churn/1",
                            "models/churn/1/model.bin",
                            "models/churn/1/version.json");
        }
    }
}
