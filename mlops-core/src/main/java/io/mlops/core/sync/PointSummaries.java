package io.mlops.core.sync;

import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import java.util.Map;

/** Compares what two stores tell of the metrics of a run. Not for instances. */
final class PointSummaries {
    private PointSummaries() {}

    /** Whether each metric has the same latest point, and as many of them as far as both count. */
    static boolean isSame(Map<String, MetricSummary> here, Map<String, MetricSummary> there) {
        return here.entrySet().stream().allMatch(metric -> {
            MetricSummary other = there.get(metric.getKey());
            return other != null && isSame(metric.getValue(), other);
        });
    }

    private static boolean isSame(MetricSummary here, MetricSummary there) {
        MetricSummary.Range a = here.range();
        MetricSummary.Range b = there.range();
        return isSame(here.latest(), there.latest()) && (a == null || b == null || a.count() == b.count());
    }

    /** Servers keep infinities as the largest double, and no negative zero. */
    private static boolean isSame(MetricPoint here, MetricPoint there) {
        return here.step() == there.step()
                && here.time().equals(there.time())
                && Double.compare(kept(here.value()), kept(there.value())) == 0;
    }

    static double kept(double value) {
        return Double.isInfinite(value) ? Math.copySign(Double.MAX_VALUE, value) : value + 0.0;
    }
}
