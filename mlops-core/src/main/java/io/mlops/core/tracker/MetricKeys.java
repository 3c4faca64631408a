package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The metrics of a run by name, each with the number that stands for its name in columns. Thread-safe. */
final class MetricKeys {
    private final RunId run;
    private final Map<String, MetricKey> keys = new ConcurrentHashMap<>();

    /** The names by number; guarded by its own monitor, since there are many of this class. */
    private final List<String> names = new ArrayList<>();
    /** A copy of the names that never changes; guarded by the same. */
    private String[] table = {};

    MetricKeys(RunId run) {
        this.run = run;
    }

    /** The key of this name, if it is known. */
    @Nullable
    MetricKey find(String name) {
        return keys.get(requireNonNull(name, "the key of the metric is null: give one"));
    }

    /** The key of this name, which is known from then on. */
    MetricKey get(String name) {
        MetricKey known = find(name);
        return known == null ? make(name) : known;
    }

    private MetricKey make(String name) {
        Names.checkKey("metric", name);
        synchronized (names) {
            MetricKey there = keys.get(name);
            if (there != null) {
                return there;
            }
            if (names.size() >= Limits.METRIC_KEYS) {
                throw new IllegalArgumentException("run " + run + " has " + Limits.METRIC_KEYS
                        + " metric keys and cannot take '" + name
                        + "': what varies from call to call belongs into steps, params or tags");
            }
            return add(name);
        }
    }

    /** Goes on where a run left off; it may have more than one may add, if several processes recorded it. */
    void continueFrom(Map<String, MetricSummary> metrics) {
        synchronized (names) {
            for (Map.Entry<String, MetricSummary> metric : metrics.entrySet()) {
                add(metric.getKey()).used(metric.getValue().latest().step());
            }
        }
    }

    private MetricKey add(String name) {
        MetricKey key = new MetricKey(names.size());
        names.add(name);
        keys.put(name, key);
        return key;
    }

    /** The names behind the numbers of all keys given out before; numbers never change their meaning. */
    String[] table() {
        synchronized (names) {
            if (table.length != names.size()) {
                table = names.toArray(new String[0]);
            }
            return table;
        }
    }
}
