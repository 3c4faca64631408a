package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The latest point of a metric (by step, then time, then value) and, where the store keeps it, the range of all.
 *
 * @param range null where the store keeps none
 */
public record MetricSummary(MetricPoint latest, @Nullable Range range) {
    public MetricSummary {
        requireNonNull(latest, "latest");
    }

    /**
     * The least and the greatest value, and the number, of all recorded points.
     *
     * @param min of all but NaN; NaN if there was nothing else
     * @param max of all but NaN; NaN if there was nothing else
     * @param count of all, NaN included, and of points recorded twice
     */
    public record Range(double min, double max, long count) {}
}
