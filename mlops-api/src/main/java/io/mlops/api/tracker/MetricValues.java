package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks numbers that are recorded together, before the first of them is. */
final class MetricValues {
    private MetricValues() {}

    /**
     * Refuses a map of which not every entry can be recorded.
     *
     * @throws IllegalArgumentException if a key breaks the rule
     * @throws NullPointerException if a number is null, naming its key
     */
    static void check(Map<String, ? extends @Nullable Number> values) {
        requireNonNull(values, "values").forEach((key, value) -> {
            Names.checkKey("metric", key);
            if (value == null) {
                throw new NullPointerException("the value of metric '" + key
                        + "' is null: leave the metric out, or record Double.NaN; nothing of the map was recorded");
            }
        });
    }
}
