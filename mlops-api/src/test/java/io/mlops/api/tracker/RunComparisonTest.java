package io.mlops.api.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RunComparisonTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static RunInfo run(String id, Map<String, String> params, Map<String, Double> metrics) {
        Map<String, MetricSummary> summaries = new TreeMap<>();
        metrics.forEach((key, value) -> summaries.put(key, new MetricSummary(new MetricPoint(0, NOON, value), null)));
        return new RunInfo(
                new RunId(id),
                id,
                "churn",
                "try " + id,
                RunStatus.FINISHED,
                NOON,
                NOON,
                new RunOutcome.Finished(),
                null,
                params,
                Map.of(),
                summaries,
                List.of(),
                List.of(),
                false,
                false);
    }

    private static Experiment experiment(MetricInfo... metrics) {
        Map<String, String> tags = new TreeMap<>();
        for (MetricInfo metric : metrics) {
            metric.tags().forEach((key, value) -> {
                if (value != null) {
                    tags.put(key, value);
                }
            });
        }
        return new Experiment("churn", "churn", NOON, NOON, tags, false);
    }

    private final RunInfo a =
            run("a", Map.of("depth", "3", "seed", "7"), Map.of("auc", 0.91234567, "loss", 0.5, "cost", 1.0));
    private final RunInfo b = run("b", Map.of("depth", "4", "seed", "7"), Map.of("auc", 0.95, "loss", 0.4));
    private final RunInfo c =
            run("c", Map.of("seed", "7", "trees", "9"), Map.of("auc", Double.NaN, "loss", 0.4, "cost", 2.5e-7));

    @Test
    void showsTheParamsThatDifferAndTheMetricsSideBySide() {
        RunComparison comparison = RunComparison.of(List.of(a, b, c));

        assertThat(comparison.differingParams())
                .containsOnlyKeys("depth", "trees")
                .containsEntry("depth", Arrays.asList("3", "4", null));
        assertThat(comparison.metrics())
                .containsEntry("auc", Arrays.asList(0.91234567, 0.95, Double.NaN))
                .containsEntry("cost", Arrays.asList(1.0, null, 2.5e-7));
        assertThat(comparison.best().get("auc"))
                .as("nobody said what is better")
                .isEmpty();
    }

    @Test
    void marksTheBestByDirectionAndNeverNaN() {
        Experiment experiment = experiment(
                MetricInfo.of("auc").higherIsBetter(), MetricInfo.of("loss").lowerIsBetter());

        Map<String, List<RunId>> best =
                RunComparison.of(List.of(a, b, c), experiment).best();

        assertThat(best.get("auc")).containsExactly(b.id());
        assertThat(best.get("loss")).as("both are").containsExactly(b.id(), c.id());
        assertThat(best.get("cost")).isEmpty();
        assertThat(RunComparison.of(List.of(a), experiment).best().get("auc"))
                .as("the only one is not the best")
                .isEmpty();
    }

    @Test
    void printsATable() {
        Experiment experiment = experiment(
                MetricInfo.of("auc").higherIsBetter(),
                MetricInfo.of("cost").lowerIsBetter().unit("EUR"));

        assertThat(RunComparison.of(List.of(a, b, c), experiment)).hasToString("""
                run         a         b         c
                name        try a     try b     try c
                status      FINISHED  FINISHED  FINISHED
                depth       3         4         -
                trees       -         -         9
                auc         0.912346  0.95 *    NaN
                cost (EUR)  1         -         2.5E-7 *
                loss        0.5       0.4       0.4
                """);
        assertThat(RunComparison.of(List.of())).hasToString("no runs to compare");
    }

    @Test
    void moreThanSixRunsAreRows() {
        List<RunInfo> six = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            six.add(run("r" + i, Map.of("depth", "" + i), Map.of("auc", 0.5 + i / 100.0)));
        }
        Experiment experiment = experiment(MetricInfo.of("auc").higherIsBetter());
        assertThat(RunComparison.of(six, experiment).toString()).startsWith("run     r0        r1  ");

        six.add(b);
        assertThat(RunComparison.of(six, experiment)).hasToString("""
                run  name    status    depth  seed  auc     loss
                r0   try r0  FINISHED  0      -     0.5     -
                r1   try r1  FINISHED  1      -     0.51    -
                r2   try r2  FINISHED  2      -     0.52    -
                r3   try r3  FINISHED  3      -     0.53    -
                r4   try r4  FINISHED  4      -     0.54    -
                r5   try r5  FINISHED  5      -     0.55    -
                b    try b   FINISHED  4      7     0.95 *  0.4
                """);
    }

    @Test
    void asCsvARunIsARowWithNumbersInFull() {
        RunInfo odd = run(
                "odd",
                Map.of("depth", "=1+2", "note", "say \"hi\",\nthen go", "seed", "-7"),
                Map.of("auc", 1.0 / 3, "loss", Double.NEGATIVE_INFINITY));

        assertThat(RunComparison.of(List.of(a, odd)).toCsv())
                .isEqualTo(String.join(
                        "\r\n",
                        "run_id,run_name,status,params.depth,params.note,params.seed,metrics.auc,metrics.cost,metrics.loss",
                        "a,try a,FINISHED,3,,7,0.91234567,1.0,0.5",
                        "odd,try odd,FINISHED,'=1+2,\"say \"\"hi\"\",\nthen go\",-7,0.3333333333333333,,-Infinity",
                        ""));
        assertThat(RunComparison.of(List.of()).toCsv()).isEqualTo("run_id,run_name,status\r\n");
    }

    @Test
    void noCellOfCsvIsAFormula() {
        for (String text :
                List.of("=A1", "+A1", "-A1", "@SUM(A1)", "\tx", "\rx", "--1", "-" + "1".repeat(100_000) + "x")) {
            assertThat(CsvText.noFormula(text)).isEqualTo("'" + text);
        }
        for (String text : List.of("", "x=1", "-7", "+1.5e-3", ".5", "-.5", "-Infinity")) {
            assertThat(CsvText.noFormula(text)).isEqualTo(text);
        }
    }

    @Test
    void aKeyThatIsTooLongToBeDescribedIsComparedWithoutABestValue() {
        String key = "x".repeat(250);
        List<RunInfo> runs =
                List.of(run("a", Map.of(), Map.of(key, 0.5)), run("b", Map.of(), Map.of(key, 0.75, "auc", 1.0)));

        for (RunComparison comparison : List.of(RunComparison.of(runs), RunComparison.of(runs, experiment()))) {
            assertThat(comparison.metrics()).containsEntry(key, List.of(0.5, 0.75));
            assertThat(comparison.best()).containsEntry(key, List.of());
            assertThat(comparison.meanings()).containsOnlyKeys("auc");
            assertThat(comparison.toString()).contains("0.5", "0.75");
        }
    }

    @Test
    void whatComesOutDoesNotChange() {
        RunComparison comparison = RunComparison.of(List.of(a, b, c));

        assertThat(comparison.metrics().get("auc")).isUnmodifiable();
        assertThat(comparison.differingParams().get("depth")).isUnmodifiable();
    }

    @Test
    void whatAMetricMeansIsKeptInTags() {
        MetricInfo info = MetricInfo.of("val/auc.unit")
                .higherIsBetter()
                .kind(MetricInfo.Kind.BUSINESS)
                .unit("%")
                .target(0.9)
                .owner("kim");

        Experiment experiment = experiment(info);

        assertThat(experiment.tags())
                .containsEntry("mlops.metric.val/auc.unit.direction", "higher-is-better")
                .containsEntry("mlops.metric.val/auc.unit.target", "0.9");
        assertThat(experiment.metric("val/auc.unit")).isEqualTo(info);
        assertThat(experiment.metric("val/auc")).isEqualTo(MetricInfo.of("val/auc"));
        assertThatThrownBy(() -> MetricInfo.of("x".repeat(221)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("221");
    }
}
