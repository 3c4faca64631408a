package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick start with the rows that it makes up, in a folder of its own. */
final class QuickStartTest {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    @TempDir
    private Path folder;

    @Test
    void whereToLookIsSaidAsAShellTakesIt() throws Exception {
        Path odd = Files.createDirectory(folder.resolve("anna's own runs"));
        Outcome outcome = Outcome.ofQuickStart(odd);

        assertThat(outcome.code()).isZero();
        String find = outcome.out()
                .lines()
                .filter(line -> line.startsWith("  find "))
                .findFirst()
                .orElseThrow();
        Process shell = new ProcessBuilder("sh", "-c", find).start();
        assertThat(shell.inputReader(StandardCharsets.UTF_8).lines())
                .contains(odd.resolve("mlops-store/store.json").toString());
        assertThat(outcome.out()).contains("mlops-store'/experiments/income/*/run.json");
    }

    @Test
    void recordsTwoRunsWithAllThatCameOut() throws IOException {
        Outcome outcome = Outcome.ofQuickStart(folder);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        try (Mlops mlops = open()) {
            List<RunInfo> runs = runs(mlops);
            assertThat(runs).extracting(RunInfo::name).containsExactly("large steps", "small steps");
            assertThat(runs).allSatisfy(run -> {
                assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
                assertThat(run.metrics()).containsOnlyKeys("accuracy", "auc", "loss", "precision", "recall");
                assertThat(run.metric("accuracy")).isBetween(0.75, 1.0);
                assertThat(run.inputs()).singleElement().satisfies(input -> {
                    assertThat(input.role()).isEqualTo("training");
                    assertThat(input.digest().algorithm()).isEqualTo("sha256");
                });
            });
            RunInfo best = runs.get(0);
            assertThat(best.params()).isEqualTo(Map.of("epochs", "10", "learningRate", "0.1", "seed", "12345"));
            assertThat(mlops.tracker().environment(best.id()))
                    .hasValueSatisfying(where -> assertThat(where.missingFor(best))
                            .doesNotContainKeys("seed", "inputs", "java.version", "dependencies"));
            assertThat(best.metric("auc"))
                    .isBetween(0.85, 0.99)
                    .isGreaterThan(runs.get(1).metric("auc"));
            assertThat(outcome.out()).contains("auc %.4f".formatted(best.metric("auc")));
            assertLossFalls(mlops, best.id(), 10);
            assertLossFalls(mlops, runs.get(1).id(), 5);
            assertConfusionMatrix(mlops, best);
        }
    }

    private static void assertLossFalls(Mlops mlops, RunId run, int epochs) {
        List<MetricPoint> loss = mlops.tracker().history(run, "loss").stream().toList();
        assertThat(loss).hasSize(epochs);
        for (int epoch = 1; epoch < epochs; epoch++) {
            assertThat(loss.get(epoch).step()).isEqualTo(epoch);
            assertThat(loss.get(epoch).value())
                    .isPositive()
                    .isLessThan(loss.get(epoch - 1).value());
        }
    }

    /** Its four numbers are the rows held out, and those on the diagonal are the share that accuracy names. */
    private static void assertConfusionMatrix(Mlops mlops, RunInfo run) throws IOException {
        assertThat(mlops.tracker().artifacts(run.id()).list(""))
                .extracting(ArtifactEntry::path)
                .extracting(Object::toString)
                .containsExactly("confusion-matrix.txt");
        String text = new String(
                mlops.tracker().artifacts(run.id()).open("confusion-matrix.txt").readAllBytes(),
                StandardCharsets.UTF_8);
        List<Integer> counts = NUMBER.matcher(text.replaceAll("[<>]=?50K", "").replace(",", ""))
                .results()
                .map(match -> Integer.valueOf(match.group()))
                .toList();
        assertThat(counts).hasSize(4);
        int rows = counts.stream().mapToInt(Integer::intValue).sum();
        assertThat(rows).isEqualTo(heldOut(4_000));
        assertThat((counts.get(0) + counts.get(3)) / (double) rows).isEqualTo(run.metric("accuracy"));
    }

    private static int heldOut(int rows) {
        return rows / 4 - 1; // a quarter of each class, rounded down
    }

    @Test
    void registersTheBetterRunsModelAndServesIt() {
        Outcome outcome = Outcome.ofQuickStart(folder);

        try (Mlops mlops = open()) {
            RunInfo best = runs(mlops).get(0);
            ModelVersion champion = mlops.registry().get("income@champion");
            assertThat(champion.id()).hasToString("income/1");
            assertThat(champion.run()).isEqualTo(best.id());
            assertThat(champion.signature()).isEqualTo(Census.SIGNATURE);
            assertThat(best.outputs()).containsExactly(champion.id());
            assertThat(mlops.registry().history("income")).hasSize(1);
        }
        assertThat(outcome.out()).contains("A service loads income@champion: income/1, every byte verified");
        assertThat(outcome.out().replace("'", ""))
                .contains("tensorboard --logdir " + folder.resolve("mlops-store/experiments"));
        assertThat(predictions(outcome)).hasSize(5);
    }

    @Test
    void aSecondTimeMakesTheNextVersionChampion() {
        Outcome first = Outcome.ofQuickStart(folder);
        Outcome second = Outcome.ofQuickStart(folder);

        assertThat(second.code()).isZero();
        assertThat(second.out()).contains("A service loads income@champion: income/2");
        assertThat(predictions(second)).isEqualTo(predictions(first));
        try (Mlops mlops = open()) {
            assertThat(runs(mlops)).hasSize(4);
            assertThat(mlops.registry().versions("income"))
                    .extracting(ModelVersion::number)
                    .containsExactly(2, 1);
            AliasEvent move = mlops.registry().history("income").findFirst().orElseThrow();
            assertThat(move.before()).isEqualTo(1);
            assertThat(mlops.registry().get("income@champion").number()).isEqualTo(2);
        }
    }

    @Test
    void aWorseModelIsRegisteredButNotMadeChampion() throws IOException {
        Outcome.ofQuickStart(folder);
        Files.writeString(folder.resolve("few.csv"), CensusGenerator.csv(200, 7));

        Outcome second = Outcome.ofQuickStart(folder, "--data", "few.csv");

        assertThat(second.code()).isZero();
        assertThat(second.out()).contains("income@champion stays at income/1: income/2 has auc 0.");
        assertThat(second.out()).contains("A service loads income@champion: income/1");
        try (Mlops mlops = open()) {
            assertThat(mlops.registry().versions("income")).hasSize(2);
            assertThat(mlops.registry().get("income@champion").number()).isEqualTo(1);
        }
    }

    @Test
    void theDigestNamesTheDataThatWasRead() throws IOException {
        Files.writeString(folder.resolve("a.csv"), CensusGenerator.csv(400, 7));
        Files.writeString(folder.resolve("b.csv"), CensusGenerator.csv(400, 8));
        Outcome.ofQuickStart(folder, "--data", "a.csv");
        Outcome.ofQuickStart(folder, "--data", "b.csv");
        Outcome.ofQuickStart(folder, "--data", "a.csv");

        try (Mlops mlops = open()) {
            assertThat(mlops.tracker().search(RunQuery.of("income")).stream()
                            .map(run -> run.inputs().get(0).digest())
                            .distinct())
                    .hasSize(2);
        }
    }

    @Test
    void memoryIsAStoreToo() {
        Outcome outcome = Outcome.ofQuickStart(folder, "--store", "memory:");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("A service loads income@champion: income/1");
        assertThat(folder).isEmptyDirectory();
    }

    private Mlops open() {
        return Mlops.open("file:" + folder.resolve("mlops-store"));
    }

    private static List<RunInfo> runs(Mlops mlops) {
        return mlops.tracker().search(RunQuery.of("income").orderBy("metrics.auc DESC")).stream()
                .toList();
    }

    private static List<String> predictions(Outcome outcome) {
        return outcome.out()
                .lines()
                .filter(line -> line.contains("likely >50K"))
                .toList();
    }
}
