package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.ConflictException;
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

    /** What a metric means here, as far as anybody said. */
    public MetricInfo metric(String key) {
        return MetricInfo.read(key, tags);
    }

    /**
     * This experiment after a change; what every store does to it.
     *
     * @throws ConflictException if it is deleted and the change is not to restore it
     */
    @CheckReturnValue
    public Experiment after(ExperimentChange change, Instant at) {
        boolean lifecycle = change instanceof ExperimentChange.Deleted || change instanceof ExperimentChange.Restored;
        if (deleted && !lifecycle) {
            throw new ConflictException("experiment '" + name + "' is deleted: restore it first");
        }
        String newName = change instanceof ExperimentChange.Renamed renamed ? renamed.name() : name;
        Map<String, String> newTags = new TreeMap<>(tags);
        if (change instanceof ExperimentChange.Tagged tag) {
            newTags.put(tag.key(), tag.value());
        } else if (change instanceof ExperimentChange.Untagged tag) {
            newTags.remove(tag.key());
        }
        boolean nowDeleted = lifecycle ? change instanceof ExperimentChange.Deleted : deleted;
        boolean same = newName.equals(name) && newTags.equals(tags) && nowDeleted == deleted;
        return same ? this : new Experiment(newName, storeId, created, at, newTags, nowDeleted);
    }
}
