package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run as the store has it.
 *
 * @param storeId what the store itself calls it (32 hex digits on MLflow), for links and other tools
 * @param ended null while it runs
 * @param outcome null while it runs
 * @param deleted whether it is hidden, by itself or with its experiment
 * @param orphaned whether it is said to run though all processes that recorded it have died, as far as the store can
 *     tell: resume it, or end it with {@link Tracker#end}
 */
public record RunInfo(
        RunId id,
        String storeId,
        String experiment,
        String name,
        RunStatus status,
        Instant started,
        @Nullable Instant ended,
        @Nullable RunOutcome outcome,
        @Nullable RunId parent,
        Map<String, String> params,
        Map<String, String> tags,
        Map<String, MetricSummary> metrics,
        List<RunInput> inputs,
        List<ModelVersionId> outputs,
        boolean deleted,
        boolean orphaned) {
    public RunInfo {
        requireNonNull(id, "id");
        requireNonNull(storeId, "storeId");
        requireNonNull(experiment, "experiment");
        requireNonNull(name, "name");
        requireNonNull(status, "status");
        requireNonNull(started, "started");
        requireNonNull(params, "params");
        requireNonNull(tags, "tags");
        requireNonNull(metrics, "metrics");
        requireNonNull(inputs, "inputs");
        requireNonNull(outputs, "outputs");
        params = Collections.unmodifiableMap(new TreeMap<>(params));
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * The latest value of a metric, by step, then time, then value.
     *
     * @throws NotFoundException if it was never recorded
     */
    public double metric(String key) {
        MetricSummary summary = metrics.get(key);
        if (summary == null) {
            throw new NotFoundException("run " + id + " has no metric '" + key + "', only " + metrics.keySet());
        }
        return summary.latest().value();
    }
}
