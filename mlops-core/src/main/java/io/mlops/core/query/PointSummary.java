package io.mlops.core.query;

import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import java.time.Instant;

/** Sums up the points of one metric without keeping them. Not thread-safe. */
public final class PointSummary {
    private long count;
    private long step;
    private long millis;
    private double value;
    private double min = Double.NaN;
    private double max = Double.NaN;

    /** A summary of no point yet. */
    public PointSummary() {}

    /** Adds one point. */
    public void add(long atStep, long atMillis, double measured) {
        widen(measured, measured);
        latest(atStep, atMillis, measured);
        count++;
    }

    /** Adds what was summed up elsewhere; its range must be known. */
    public void add(MetricSummary other) {
        MetricSummary.Range range = other.range();
        if (range == null) {
            throw new IllegalArgumentException("a summary without its range cannot be added to");
        }
        widen(range.min(), range.max());
        latest(
                other.latest().step(),
                other.latest().time().toEpochMilli(),
                other.latest().value());
        count += range.count();
    }

    /** The summary of the points added, of which there must be one at least. */
    public MetricSummary result() {
        return new MetricSummary(
                new MetricPoint(step, Instant.ofEpochMilli(millis), value), new MetricSummary.Range(min, max, count));
    }

    private void widen(double low, double high) {
        // Written so that NaN never wins: a comparison with it is false.
        if (low < min || Double.isNaN(min)) {
            min = low;
        }
        if (high > max || Double.isNaN(max)) {
            max = high;
        }
    }

    private void latest(long atStep, long atMillis, double measured) {
        boolean later = count == 0
                || atStep > step
                || (atStep == step && (atMillis > millis || (atMillis == millis && !isLess(measured, value))));
        if (later) {
            step = atStep;
            millis = atMillis;
            value = measured;
        }
    }

    /** Whether a value counts less than another of the same moment: NaN less than any number. */
    private static boolean isLess(double a, double b) {
        return !Double.isNaN(b) && (Double.isNaN(a) || Double.compare(a, b) < 0);
    }
}
