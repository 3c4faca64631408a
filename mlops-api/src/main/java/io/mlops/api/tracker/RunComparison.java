package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import io.mlops.api.common.RunId;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of runs, side by side. Values are in the order of the runs, null where a run has none.
 *
 * @param differingParams the params that are not the same in all runs
 * @param metrics the latest values of every metric
 * @param best by metric, the runs with the best value; none where no direction is known or fewer than two runs have one
 * @param meanings by metric, as far as its key is short enough to be described
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
        return of(runs, Map.of());
    }

    /** Compares runs of an experiment that says in which direction its metrics get better. */
    public static RunComparison of(List<RunInfo> runs, Experiment experiment) {
        return of(runs, experiment.tags());
    }

    private static RunComparison of(List<RunInfo> runs, Map<String, String> tags) {
        List<Map<String, String>> paramsOfRuns = new ArrayList<>();
        List<Map<String, Double>> metricsOfRuns = new ArrayList<>();
        for (RunInfo run : runs) {
            Map<String, Double> latest = new HashMap<>();
            run.metrics()
                    .forEach((key, summary) -> latest.put(key, summary.latest().value()));
            paramsOfRuns.add(run.params());
            metricsOfRuns.add(latest);
        }
        Map<String, List<@Nullable String>> params = sideBySide(paramsOfRuns);
        params.values().removeIf(values -> new HashSet<>(values).size() == 1);
        Map<String, List<@Nullable Double>> metrics = sideBySide(metricsOfRuns);
        Map<String, List<RunId>> best = new TreeMap<>();
        Map<String, MetricInfo> meanings = new TreeMap<>();
        metrics.forEach((key, values) -> {
            best.put(key, List.of());
            // Nobody can describe a longer one.
            if (key.length() <= Limits.DESCRIBED_KEY) {
                MetricInfo info = MetricInfo.read(key, tags);
                meanings.put(key, info);
                best.put(key, best(runs, values, info.direction()));
            }
        });
        return new RunComparison(runs, params, metrics, best, meanings);
    }

    /** The value of each run under every key that one of them has; null where a run has none. */
    private static <V> Map<String, List<@Nullable V>> sideBySide(List<Map<String, V>> ofRuns) {
        Map<String, List<@Nullable V>> values = new TreeMap<>();
        for (Map<String, V> ofRun : ofRuns) {
            for (String key : ofRun.keySet()) {
                if (!values.containsKey(key)) {
                    List<@Nullable V> row = new ArrayList<>(ofRuns.size());
                    for (Map<String, V> each : ofRuns) {
                        row.add(each.get(key));
                    }
                    values.put(key, Collections.unmodifiableList(row));
                }
            }
        }
        return values;
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
     * {@code *}. Of no runs it is a sentence that says so.
     */
    @Override
    public String toString() {
        if (runs.isEmpty()) {
            return "no runs to compare";
        }
        List<List<String>> lines = lines(List.of("run", "name", "status"), "", "-");
        metrics.forEach((key, values) -> {
            List<RunId> leaders = best.getOrDefault(key, List.of());
            List<String> line = new ArrayList<>(List.of(title(key)));
            for (int i = 0; i < values.size(); i++) {
                Double value = values.get(i);
                String mark = leaders.contains(runs.get(i).id()) ? " *" : "";
                line.add(value == null ? "-" : shown(value) + mark);
            }
            lines.add(line);
        });
        return TextTable.of(runs.size() > MOST_COLUMNS ? turned(lines) : lines);
    }

    /**
     * A table for programs, by RFC 4180: a row per run, its columns named {@code params.<key>} and {@code metrics.<key>},
     * without backticks, numbers in full, nothing where a run has none. Text that a spreadsheet would take for a formula
     * begins with {@code '}.
     */
    public String toCsv() {
        List<List<String>> lines = lines(List.of("run_id", "run_name", "status"), "params.", "");
        metrics.forEach((key, values) -> {
            List<String> line = new ArrayList<>(List.of("metrics." + key));
            for (Double value : values) {
                line.add(value == null ? "" : value.toString());
            }
            lines.add(line);
        });
        return CsvText.of(turned(lines));
    }

    /** The lines of a table with a column per run, but for those of metrics; each begins with its title. */
    private List<List<String>> lines(List<String> titles, String beforeKeys, String missing) {
        List<List<String>> lines = new ArrayList<>();
        for (String title : titles) {
            lines.add(new ArrayList<>(List.of(title)));
        }
        for (RunInfo run : runs) {
            lines.get(0).add(run.id().value());
            lines.get(1).add(run.name());
            lines.get(2).add(run.status().name());
        }
        differingParams.forEach((key, values) -> {
            List<String> line = new ArrayList<>(List.of(beforeKeys + key));
            for (String value : values) {
                line.add(value == null ? missing : value);
            }
            lines.add(line);
        });
        return lines;
    }

    /** The table with columns for rows. */
    private static List<List<String>> turned(List<List<String>> rows) {
        List<List<String>> turned = new ArrayList<>();
        for (int i = 0; i < rows.get(0).size(); i++) {
            List<String> column = new ArrayList<>(rows.size());
            for (List<String> row : rows) {
                column.add(row.get(i));
            }
            turned.add(column);
        }
        return turned;
    }

    private String title(String key) {
        MetricInfo info = meanings.get(key);
        String unit = info == null ? null : info.unit();
        return unit == null ? key : key + " (" + unit + ")";
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
