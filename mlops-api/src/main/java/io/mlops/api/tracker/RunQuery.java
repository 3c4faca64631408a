package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.Names;
import io.mlops.api.common.RunId;
import java.util.ArrayList;
import java.util.List;

/**
 * A question for runs: which ones, and in which order, in MLflow's words on every backend.
 *
 * @param experiments all of them if empty
 * @param conditions all of which must hold, such as {@code metrics.auc > 0.9}
 * @param order terms such as {@code metrics.auc DESC}; ties end with the newest first, then the id
 * @param visibility those that are not deleted, unless asked for otherwise
 */
@CheckReturnValue
public record RunQuery(List<String> experiments, List<String> conditions, List<String> order, Visibility visibility) {
    public RunQuery {
        requireNonNull(experiments, "experiments");
        requireNonNull(conditions, "conditions");
        requireNonNull(order, "order");
        requireNonNull(visibility, "visibility");
        experiments = List.copyOf(experiments);
        conditions = List.copyOf(conditions);
        order = List.copyOf(order);
    }

    /** The runs of these experiments, of all if none is named. */
    public static RunQuery of(String... experiments) {
        return new RunQuery(List.of(experiments), List.of(), List.of(), Visibility.ACTIVE);
    }

    /** The runs that are part of this one, the newest first. */
    public static RunQuery childrenOf(RunId parent) {
        return of().where("tags.`" + RunFact.PARENT_TAG + "` = '" + requireNonNull(parent, "parent") + "'");
    }

    /**
     * A copy with one more condition that must hold, too: comparisons joined by AND.
     *
     * <ul>
     *   <li>{@code metrics.<key>}, {@code attributes.start_time} and {@code end_time} (milliseconds since 1970) with
     *       {@code >}, {@code >=}, {@code <}, {@code <=}, {@code =}, {@code !=} and a number; of a metric counts the
     *       latest value;
     *   <li>{@code params.<key>}, {@code tags.<key>} and {@code attributes.user_id} with {@code =}, {@code !=},
     *       {@code LIKE}, {@code ILIKE} (case does not count) and text in single or double quotes, or with
     *       {@code IS NULL}, {@code IS NOT NULL};
     *   <li>{@code attributes.run_name} and {@code status} with {@code =}, {@code !=}, {@code LIKE}, {@code ILIKE};
     *   <li>{@code attributes.run_id} and {@code dataset.<name, digest or context>} also with
     *       {@code IN ('a', 'b')} and {@code NOT IN}.
     * </ul>
     *
     * Name and parent of a run stand under {@code tags.mlflow.runName} and {@code tags.mlflow.parentRunId}, too. A run
     * without the key matches {@code IS NULL} only, not even {@code !=}. Keys that are no plain words stand in
     * backticks; {@code attributes.} may be left out. There is no OR and no escape within quotes. What cannot be read is
     * refused by the search with the position, and so is what is longer than {@link io.mlops.api.common.Limits} has it.
     */
    public RunQuery where(String condition) {
        return new RunQuery(experiments, with(conditions, requireNonNull(condition, "condition")), order, visibility);
    }

    /**
     * A copy with one more term: {@code metrics.<key>}, {@code params.<key>}, {@code tags.<key>} or
     * {@code attributes.<start_time, end_time, run_id, run_name, status or user_id>}, then ASC (the default) or DESC; of a
     * metric counts the latest value, or by {@code max(metrics.<key>)} and {@code min(metrics.<key>)} that of all. Keys that
     * are no plain words stand in backticks. Text is ordered by code points, case counts. Runs with NaN come last, and
     * those without a value after them.
     */
    public RunQuery orderBy(String term) {
        return new RunQuery(experiments, conditions, with(order, requireNonNull(term, "term")), visibility);
    }

    /**
     * A copy that is ordered by the latest value of a metric, too, the best first.
     *
     * @param key as it was recorded, without backticks
     * @throws IllegalArgumentException if the direction is NONE
     */
    public RunQuery orderByMetric(String key, MetricInfo.Direction better) {
        Names.checkFormerKey("metric", key);
        if (requireNonNull(better, "better") == MetricInfo.Direction.NONE) {
            throw new IllegalArgumentException("runs cannot be ordered by metric '" + key
                    + "', the best first, without the direction in which it gets better");
        }
        return orderBy("metrics.`" + key + "`" + (better == MetricInfo.Direction.HIGHER_IS_BETTER ? " DESC" : " ASC"));
    }

    /** A copy that looks at deleted runs, too, or only at them. */
    public RunQuery visibility(Visibility shown) {
        return new RunQuery(experiments, conditions, order, shown);
    }

    private static List<String> with(List<String> some, String another) {
        List<String> more = new ArrayList<>(some);
        more.add(another);
        return more;
    }
}
