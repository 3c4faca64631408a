package io.mlops.api.tracker;

import io.mlops.api.common.CheckReturnValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Which runs, and in which order.
 *
 * @param experiments all of them if empty
 * @param order terms such as {@code metrics.auc DESC}, as on MLflow; ties end with the newest first, then the id
 */
@CheckReturnValue
public record RunQuery(List<String> experiments, List<String> order) {
    public RunQuery {
        experiments = List.copyOf(experiments);
        order = List.copyOf(order);
    }

    /** The runs of these experiments, of all if none is named. */
    public static RunQuery of(String... experiments) {
        return new RunQuery(List.of(experiments), List.of());
    }

    /**
     * A copy with one more term: {@code metrics.<key>}, {@code params.<key>}, {@code tags.<key>} or
     * {@code attributes.<start_time, end_time, run_id, run_name or status>}, then ASC (the default) or DESC. Keys that
     * are no plain words stand in backticks. Runs without a value, or with NaN, come last.
     */
    public RunQuery orderBy(String term) {
        List<String> more = new ArrayList<>(order);
        more.add(term);
        return new RunQuery(experiments, more);
    }
}
