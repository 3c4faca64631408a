package io.mlops.core.query;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that is there as a whole, for a search to read. */
public record WholeRun(RunInfo run) implements SearchedRun {
    @Override
    public String id() {
        return run.id().value();
    }

    @Override
    public String name() {
        return run.name();
    }

    @Override
    public @Nullable String parent() {
        RunId parent = run.parent();
        return parent == null ? null : parent.value();
    }

    @Override
    public RunStatus status() {
        return run.status();
    }

    @Override
    public long startedMillis() {
        return run.started().toEpochMilli();
    }

    @Override
    public @Nullable Long endedMillis() {
        Instant ended = run.ended();
        return ended == null ? null : (Long) ended.toEpochMilli();
    }

    @Override
    public @Nullable String param(String key) {
        return run.params().get(key);
    }

    @Override
    public @Nullable String tag(String key) {
        return run.tags().get(key);
    }

    @Override
    public @Nullable Double metric(String key) {
        MetricSummary summary = run.metrics().get(key);
        return summary == null ? null : (Double) summary.latest().value();
    }

    @Override
    public @Nullable Double metricMin(String key) {
        MetricSummary.Range range = range(key);
        return range == null ? null : (Double) range.min();
    }

    @Override
    public @Nullable Double metricMax(String key) {
        MetricSummary.Range range = range(key);
        return range == null ? null : (Double) range.max();
    }

    private MetricSummary.@Nullable Range range(String key) {
        MetricSummary summary = run.metrics().get(key);
        return summary == null ? null : summary.range();
    }

    @Override
    public List<RunInput> inputs() {
        return run.inputs();
    }
}
