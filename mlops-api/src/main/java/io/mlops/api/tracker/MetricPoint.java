package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Times;
import java.time.Instant;
import java.util.Comparator;

/** One measurement, to the millisecond. Two points of one key that are equal in all three are one point. */
public record MetricPoint(long step, Instant time, double value) {
    public MetricPoint {
        time = Times.storable(requireNonNull(time, "time"));
    }

    /**
     * The order by step, then time, then value, in which the greatest is the latest. NaN is less than every number, so
     * that of a number and NaN at one moment the number counts.
     */
    public static final Comparator<MetricPoint> BY_STEP = Comparator.comparingLong(MetricPoint::step)
            .thenComparing(MetricPoint::time)
            .thenComparing(point -> !Double.isNaN(point.value()))
            .thenComparingDouble(MetricPoint::value);

    /** The order of a history: by time, then step, then value. */
    public static final Comparator<MetricPoint> BY_TIME = Comparator.comparing(MetricPoint::time)
            .thenComparingLong(MetricPoint::step)
            .thenComparingDouble(MetricPoint::value);
}
