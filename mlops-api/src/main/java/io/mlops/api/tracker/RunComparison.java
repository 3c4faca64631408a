package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.RunId;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of runs, side by side. Values are in the order of the runs, null where a run has none.
 *
 * @param differingParams the params that are not the same in all runs
 * @param metrics the latest values of every metric
 * @param best by metric, the runs with the best value; none where no direction is known or fewer than two runs have one
 */
public record RunComparison(
        List<RunInfo> runs,
        Map<String, List<@Nullable String>> differingParams,
        Map<String, List<@Nullable Double>> metrics,
        Map<String, List<RunId>> best,
        Map<String, MetricInfo> meanings) {
    private static final MathContext SHOWN_DIGITS = new MathContext(6);
    private static final int MOST_COLUMNS = 6;
    private static final double PLAIN_FROM = 1e-4;
    private static final double PLAIN_TO = 1e9;

    public RunComparison {
        requireNonNull(runs, "runs");
        requireNonNull(differingParams, "differingParams");
        requireNonNull(metrics, "metrics");
        requireNonNull(best, "best");
        requireNonNull(meanings, "meanings");
        runs = List.copyOf(runs);
        differingParams = Collections.unmodifiableMap(new TreeMap<>(differingParams));
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        best = Collections.unmodifiableMap(new TreeMap<>(best));
        meanings = Collections.unmodifiableMap(new TreeMap<>(meanings));
    }

    /** Compares runs without saying which value is the better one. */
    public static RunComparison of(List<RunInfo> runs) {
        return of(runs, MetricInfo::of);
    }

    /** Compares runs of an experiment that says in which direction its metrics get better. */
    public static RunComparison of(List<RunInfo> runs, Experiment experiment) {
        return of(runs, experiment::metric);
    }

    private static RunComparison of(List<RunInfo> runs, Function<String, MetricInfo> meaning) {
        Map<String, List<@Nullable String>> params = new TreeMap<>();
        for (String key : keys(runs, RunInfo::params)) {
            List<@Nullable String> values = runs.stream()
                    .<@Nullable String>map(run -> run.params().get(key))
                    .toList();
            if (new HashSet<>(values).size() > 1) {
                params.put(key, values);
            }
        }
        Map<String, List<@Nullable Double>> metrics = new TreeMap<>();
        Map<String, List<RunId>> best = new TreeMap<>();
        Map<String, MetricInfo> meanings = new TreeMap<>();
        for (String key : keys(runs, RunInfo::metrics)) {
            MetricInfo info = meaning.apply(key);
            List<@Nullable Double> values =
                    runs.stream().<@Nullable Double>map(run -> latest(run, key)).toList();
            meanings.put(key, info);
            metrics.put(key, values);
            best.put(key, best(runs, values, info.direction()));
        }
        return new RunComparison(runs, params, metrics, best, meanings);
    }

    private static TreeSet<String> keys(List<RunInfo> runs, Function<RunInfo, Map<String, ?>> part) {
        TreeSet<String> keys = new TreeSet<>();
        runs.forEach(run -> keys.addAll(part.apply(run).keySet()));
        return keys;
    }

    private static @Nullable Double latest(RunInfo run, String key) {
        MetricSummary summary = run.metrics().get(key);
        return summary == null ? null : (Double) summary.latest().value();
    }

    private static List<RunId> best(List<RunInfo> runs, List<@Nullable Double> values, MetricInfo.Direction direction) {
        List<RunId> best = new ArrayList<>();
        double leader = Double.NaN;
        int candidates = 0;
        for (int i = 0; i < values.size(); i++) {
            Double value = values.get(i);
            if (value == null || value.isNaN() || direction == MetricInfo.Direction.NONE) {
                continue;
            }
            candidates++;
            if (Double.isNaN(leader) || direction.prefers(value, leader)) {
                leader = value;
                best.clear();
            }
            if (value == leader) {
                best.add(runs.get(i).id());
            }
        }
        return candidates < 2 ? List.of() : List.copyOf(best);
    }

    /**
     * A table for people: a column per run, of more than six runs a row; the best value of a metric is followed by
     * {@code *}.
     */
    @Override
    public String toString() {
        List<List<String>> rows = shownRows();
        return TextTable.of(runs.size() > MOST_COLUMNS ? turned(rows) : rows);
    }

    /**
     * A table for programs, by RFC 4180: a row per run, its columns named as in conditions and orders of a
     * {@link RunQuery}, numbers in full, nothing where a run has none. Text that a spreadsheet would take for a formula
     * begins with {@code '}.
     */
    public String toCsv() {
        List<List<String>> columns = new ArrayList<>();
        columns.add(row("run_id", runs.stream().map(run -> run.id().value()).toList()));
        columns.add(row("run_name", runs.stream().map(RunInfo::name).toList()));
        columns.add(row("status", runs.stream().map(run -> run.status().name()).toList()));
        differingParams.forEach((key, values) -> columns.add(row(
                "params." + key,
                values.stream().map(value -> value == null ? "" : value).toList())));
        List<List<String>> rows = new ArrayList<>(
                turned(columns).stream().map(RunComparison::withoutFormulas).toList());
        metrics.forEach((key, values) -> {
            List<String> cells = row(
                    "metrics." + key,
                    values.stream()
                            .map(value -> value == null ? "" : value.toString())
                            .toList());
            for (int i = 0; i < rows.size(); i++) {
                rows.get(i).add(cells.get(i));
            }
        });
        return CsvText.of(rows);
    }

    private static List<String> withoutFormulas(List<String> texts) {
        return new ArrayList<>(texts.stream().map(CsvText::noFormula).toList());
    }

    /** The table with columns for rows. */
    private static List<List<String>> turned(List<List<String>> rows) {
        List<List<String>> turned = new ArrayList<>();
        for (int i = 0; i < rows.get(0).size(); i++) {
            int column = i;
            turned.add(rows.stream().map(row -> row.get(column)).toList());
        }
        return turned;
    }

    private List<List<String>> shownRows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("run", runs.stream().map(run -> run.id().value()).toList()));
        rows.add(row("name", runs.stream().map(RunInfo::name).toList()));
        rows.add(row("status", runs.stream().map(run -> run.status().name()).toList()));
        differingParams.forEach((key, values) -> rows.add(row(
                key, values.stream().map(value -> value == null ? "-" : value).toList())));
        metrics.forEach((key, values) -> rows.add(row(title(key), shown(key, values))));
        return rows;
    }

    private static List<String> row(String title, List<String> cells) {
        List<String> row = new ArrayList<>(List.of(title));
        row.addAll(cells);
        return row;
    }

    private String title(String key) {
        MetricInfo info = meanings.get(key);
        String unit = info == null ? null : info.unit();
        return unit == null ? key : key + " (" + unit + ")";
    }

    private List<String> shown(String key, List<@Nullable Double> values) {
        List<RunId> leaders = best.getOrDefault(key, List.of());
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Double value = values.get(i);
            String mark = leaders.contains(runs.get(i).id()) ? " *" : "";
            cells.add(value == null ? "-" : shown(value) + mark);
        }
        return cells;
    }

    private static String shown(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(SHOWN_DIGITS);
        boolean plain = value == 0 || (Math.abs(value) >= PLAIN_FROM && Math.abs(value) < PLAIN_TO);
        return rounded.signum() == 0
                ? "0"
                : plain
                        ? rounded.stripTrailingZeros().toPlainString()
                        : rounded.stripTrailingZeros().toString();
    }
}
