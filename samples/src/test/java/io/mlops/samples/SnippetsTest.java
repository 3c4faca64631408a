package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RunId;
import io.mlops.api.common.SyncReport;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.RunComparison;
import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Tracker;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows, between the markers, and that it does what it says. */
final class SnippetsTest {
    private final Path report;
    private final Path modelFile;

    SnippetsTest(@TempDir Path folder) throws IOException {
        report = Files.writeString(folder.resolve("report.html"), "<p>fine</p>");
        modelFile = Files.writeString(folder.resolve("churn.txt"), "0.25");
    }

    record Settings(int trees, double rate) {}

    record Customer(int monthsSilent) {}

    record Forest(double perMonth) {
        static Forest read(Path file) throws IOException {
            return new Forest(Double.parseDouble(Files.readString(file)));
        }

        byte[] bytes() {
            return String.valueOf(perMonth).getBytes(StandardCharsets.UTF_8);
        }

        void save(Path file) throws IOException {
            Files.write(file, bytes());
        }

        double risk(Customer customer) {
            return perMonth * customer.monthsSilent();
        }
    }

    @Test
    void trainRegisterServe() {
        try (Mlops mlops = Mlops.inMemory()) {
            RunId id = training(mlops);
            ModelVersion version = registering(mlops, id);
            double risk = serving(mlops, new Customer(3));

            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(0.05);
            assertThat(mlops.registry().get("churn@champion").run()).isEqualTo(id);
            assertThat(version.number()).isEqualTo(1);
            assertThat(risk).isEqualTo(0.75);
        }
    }

    private RunId training(Mlops mlops) {
        // snippet: training
        RunId id = mlops.tracker().run("churn", run -> {
            run.params(new Settings(200, 0.1));
            for (int epoch = 0; epoch < 20; epoch++) {
                run.metric("loss", train(epoch), epoch);
            }
            run.metric("auc", 0.93);
            run.artifacts().put("report.html", report);
        });
        // end
        return id;
    }

    @Test
    void aSweepHasChildren() {
        try (Mlops mlops = Mlops.inMemory()) {
            RunId sweep = sweeping(mlops);

            assertThat(mlops.tracker().search(RunQuery.of("churn").where("params.trees != ''")))
                    .hasSize(3)
                    .allSatisfy(child -> {
                        assertThat(child.parent()).isEqualTo(sweep);
                        assertThat(child.params()).containsEntry("features", "[\"age\", \"plan\"]");
                        assertThat(child.metrics()).containsOnlyKeys("auc", "loss");
                    });
        }
    }

    private static RunId sweeping(Mlops mlops) {
        // snippet: sweep
        RunId sweep = mlops.tracker().run("churn", run -> {
            for (int trees : List.of(100, 200, 300)) {
                run.child("trees " + trees, child -> {
                    child.params(Map.of("trees", trees, "features", List.of("age", "plan")));
                    child.metrics(evaluate(trees));
                });
            }
        });
        RunComparison tries = mlops.tracker().compare("churn", mlops.tracker().search(RunQuery.childrenOf(sweep)));
        // end
        assertThat(tries.runs()).hasSize(3);
        assertThat(tries.toCsv()).contains("params.trees,metrics.auc");
        return sweep;
    }

    private static Map<String, Double> evaluate(int trees) {
        return Map.of("auc", 0.85 + trees / 4000.0, "loss", 0.5);
    }

    @Test
    void whatARunRecordsByItself() {
        MlopsConfig config = MlopsConfig.standard().without(RunDetail.GIT, RunDetail.DEPENDENCIES);
        try (Mlops mlops = Mlops.using(new MemoryBackend(), config)) {
            SortedMap<String, String> missing = recording(mlops);

            assertThat(missing).containsKeys("dependencies", "git.commit").doesNotContainKeys("seed", "inputs");
            assertThat(mlops.tracker().search(RunQuery.of("churn")))
                    .singleElement()
                    .satisfies(run -> assertThat(run.params()).containsEntry("seed", "42"));
        }
    }

    private SortedMap<String, String> recording(Mlops mlops) {
        Path customers = modelFile;
        // snippet: reproducing
        RunId id = mlops.tracker().run("churn", run -> {
            run.uses(DataReference.of(customers), "training");
            fit(new Random(run.seed(42)));
        });
        RunEnvironment where = mlops.tracker().environment(id).orElseThrow();
        SortedMap<String, String> missing = where.missingFor(mlops.tracker().get(id));
        // end
        return missing;
    }

    private static void fit(Random random) {
        assertThat(random.nextInt()).isEqualTo(new Random(42).nextInt());
    }

    private ModelVersion registering(Mlops mlops, RunId id) {
        // snippet: registering
        ModelVersion version =
                mlops.registry().register(ModelSpec.of("churn", modelFile).run(id));
        mlops.registry().move(AliasMove.of("churn@champion", version).because("AUC 0.93"));
        // end
        return version;
    }

    @Test
    void whatAModelIsRegisteredFrom() throws IOException {
        try (Mlops mlops = Mlops.inMemory()) {
            RunId id = mlops.tracker().run("churn", run -> run.artifacts().putText("model/churn.txt", "0.25"));
            otherSources(mlops, new Forest(0.25), id);

            assertThat(mlops.registry().versions("churn").stream()
                            .map(ModelVersion::digest)
                            .distinct())
                    .hasSize(1);
            assertThat(mlops.registry().versions("churn").stream().map(ModelVersion::number))
                    .containsExactly(3, 2, 1);
        }
    }

    private static void otherSources(Mlops mlops, Forest forest, RunId id) throws IOException {
        // snippet: sources
        ModelRegistry registry = mlops.registry();
        registry.register("churn", folder -> forest.save(folder.resolve("churn.txt")));
        registry.register(ModelSpec.of("churn", "churn.txt", Content.of(forest.bytes())));
        registry.register(ModelSpec.ofArtifacts("churn", id, "model")); // stored once for both
        // end
    }

    @Test
    void anAliasMovesUnlessSomebodyElseMovedItAndBack() {
        try (Mlops mlops = Mlops.inMemory()) {
            ModelVersion first = mlops.registry().register(ModelSpec.of("churn", modelFile));
            mlops.registry().move(AliasMove.of("churn@champion", first));
            ModelVersion second = mlops.registry().register(ModelSpec.of("churn", modelFile));

            guarding(mlops.registry(), second);

            assertThat(mlops.registry().get("churn@champion")).isEqualTo(first);
            assertThat(mlops.registry().history("churn")).hasSize(3);
        }
    }

    private static void guarding(ModelRegistry registry, ModelVersion version) {
        // snippet: guarding
        Optional<ModelVersion> champion = registry.find("churn@champion");
        registry.move(AliasMove.of("churn@champion", version).expecting(champion));
        registry.rollback("churn@champion", "complaints since Monday");
        // end
    }

    private static double serving(Mlops mlops, Customer customer) {
        // snippet: serving
        try (ModelHandle<Forest> churn =
                mlops.serving().load("churn@champion", files -> Forest.read(files.path("churn.txt")))) {
            return churn.call(forest -> forest.risk(customer));
        }
        // end
    }

    @Test
    void trainingGoesOnWhileTheStoreIsDown() {
        // snippet: testing
        MemoryBackend memory = new MemoryBackend();
        try (Mlops mlops = Mlops.using(memory)) {
            memory.faults().down();
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 0.5)); // does not throw
            memory.faults().up();

            assertThat(mlops.flush(Duration.ofSeconds(10))).isTrue();
            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
        }
        // end
    }

    @Test
    void twoStoresGetTheSame() {
        MemoryBackend file = new MemoryBackend();
        MemoryBackend other = new MemoryBackend();
        // snippet: tee
        try (Mlops mlops = Mlops.using(Backends.tee(file, other))) {
            mlops.tracker().run("churn", run -> run.metric("loss", 0.5));
        }
        // end
        try (Mlops first = Mlops.using(file);
                Mlops second = Mlops.using(other)) {
            RunInfo run = first.tracker().search(RunQuery.of("churn")).first(1).get(0);
            assertThat(second.tracker().get(run.id())).isEqualTo(run);
        }
    }

    @Test
    void whoeverWaitsHearsHowFarItIs() {
        List<Long> heard = new ArrayList<>();
        try (Mlops mlops = Mlops.inMemory()) {
            Progress bar = (what, done, total) -> heard.add(done);
            // snippet: progress
            mlops.registry().progress(bar).register(ModelSpec.of("churn", modelFile));
            // end
        }
        assertThat(heard).isSorted().hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void everythingIsCopied() {
        try (MemoryBackend other = new MemoryBackend();
                Mlops mlops = Mlops.inMemory()) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("auc", 0.93));
            Progress bar = Progress.none();
            // snippet: copying
            SyncReport report = mlops.sync(other, bar);
            System.out.println(report); // what was copied, which versions have other numbers there, what differs
            // end
            assertThat(report.runs().copied()).isEqualTo(1);
            assertThat(other.runs().get(id).metric("auc")).isEqualTo(0.93);
        }
    }

    @Test
    void searchCompareDelete() {
        try (Mlops mlops = Mlops.inMemory()) {
            for (int trees : new int[] {100, 200, 300}) {
                RunId unused = mlops.tracker().run("churn", run -> {
                    run.param("trees", trees);
                    run.metric("auc", 0.85 + trees / 4000.0);
                });
            }

            String table = comparing(mlops);
            deleting(mlops);

            assertThat(table.lines()).anyMatch(line -> line.matches("trees +300 +200"));
            assertThat(table.lines()).anyMatch(line -> line.matches("auc +0.925 \\* +0.9"));
            assertThat(mlops.tracker().search(RunQuery.of("churn")))
                    .extracting(run -> run.params().get("trees"))
                    .containsExactlyInAnyOrder("200", "300");
        }
    }

    private static String comparing(Mlops mlops) {
        // snippet: comparing
        Tracker tracker = mlops.tracker();
        tracker.experiments().describe("churn", MetricInfo.of("auc").higherIsBetter());

        RunQuery query = RunQuery.of("churn")
                .where("metrics.auc > 0.88 AND params.trees != '100'")
                .orderBy("metrics.auc DESC");
        RunComparison best = tracker.compare("churn", tracker.search(query).first(2));
        Optional<RunInfo> champion = tracker.best("churn", "auc");
        // end
        assertThat(champion).map(RunInfo::id).contains(best.runs().get(0).id());
        return best.toString();
    }

    private static void deleting(Mlops mlops) {
        // snippet: deleting
        for (RunInfo poor : mlops.tracker().search(RunQuery.of("churn").where("metrics.auc < 0.88"))) {
            mlops.tracker().delete(poor.id());
        }
        mlops.tracker().experiments().purgeDeletedFor(Duration.ofDays(30));
        // end
    }

    private static double train(int epoch) {
        return 1.0 / (1 + epoch);
    }
}
