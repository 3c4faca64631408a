package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Times;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A named group of runs.
 *
 * @param storeId what the store itself calls it, such as the name of its folder; stays when the name changes
 * @param updated when the last change to the experiment itself was made
 */
public record Experiment(
        String name, String storeId, Instant created, Instant updated, Map<String, String> tags, boolean deleted) {
    public Experiment {
        requireNonNull(name, "name");
        requireNonNull(storeId, "storeId");
        requireNonNull(created, "created");
        requireNonNull(updated, "updated");
        requireNonNull(tags, "tags");
        created = Times.storable(created);
        updated = Times.storable(updated);
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** The meaning of a metric in this experiment, as far as anybody described it. */
    public MetricInfo metric(String key) {
        return MetricInfo.read(key, tags);
    }
}
