package io.mlops.backends.fs.peers;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;

/** A point as TensorBoard shows it; equal if the bits are, so that NaN is itself and -0.0 is not 0.0. */
record Scalar(double wallTime, long step, float value) {
    /** Returns the points that TensorBoard must show of a metric. */
    static List<Scalar> expected(Tracker tracker, RunId run, String metric) {
        return tracker.history(run, metric).stream()
                .sorted(MetricPoint.BY_STEP)
                .map(point -> new Scalar(point.time().toEpochMilli() / 1000.0, point.step(), (float) point.value()))
                .toList();
    }

    /** Returns the steps of points, in the order shown. */
    static List<Long> steps(List<Scalar> shown) {
        return shown.stream().map(Scalar::step).toList();
    }

    /** Reads the points in TensorBoard's answer, which has rows of wall time, step and value. */
    static List<Scalar> shown(JsonNode rows) {
        List<Scalar> shown = new ArrayList<>();
        for (JsonNode row : rows) {
            // NaN and the infinities come as texts.
            float value = (float) Double.parseDouble(row.get(2).asText());
            shown.add(new Scalar(row.get(0).doubleValue(), row.get(1).longValue(), value));
        }
        return shown;
    }
}
