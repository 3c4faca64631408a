package io.mlops.backends.http.run;

import io.mlops.api.common.Limits;
import io.mlops.api.tracker.MetricPoint;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Watches the latest moment of each metric that this process sends. Servers take NaN for 0 there, so that it hides a
 * number of the same moment that is not greater, though the number counts. Thread-safe.
 */
final class LatestPoints {
    /** The greatest number of a moment, NaN if there is none, and whether there is a NaN, too. */
    private record Moment(long step, long millis, double number, boolean nan) {}

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private final Map<String, Moment> moments = new HashMap<>();

    /** Adds a point, once or again; returns the number that counts if the server may hide it. */
    @Nullable
    MetricPoint add(String key, long step, long millis, double value) {
        lock.lock();
        try {
            Moment before = moments.get(key);
            if (before == null && moments.size() >= Limits.METRIC_KEYS) {
                return null;
            }
            Moment now = after(before, step, millis, value);
            moments.put(key, now);
            boolean hidden = now.nan() && now.number() <= 0 && now.step() == step && now.millis() == millis;
            return hidden ? new MetricPoint(step, Instant.ofEpochMilli(millis), now.number()) : null;
        } finally {
            lock.unlock();
        }
    }

    private static Moment after(@Nullable Moment before, long step, long millis, double value) {
        boolean nan = Double.isNaN(value);
        if (before == null || step > before.step() || (step == before.step() && millis > before.millis())) {
            return new Moment(step, millis, value, nan);
        }
        if (step < before.step() || millis < before.millis()) {
            return before;
        }
        double number =
                Double.isNaN(before.number()) ? value : nan ? before.number() : Math.max(before.number(), value);
        return new Moment(step, millis, number, before.nan() || nan);
    }
}
