package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.ConflictException;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * An experiment, and what a change does to it, the same on every backend:
 * {@code ExperimentState.of(before).apply(change, at).experiment()}.
 */
@CheckReturnValue
public record ExperimentState(Experiment experiment) {
    public ExperimentState {
        requireNonNull(experiment, "experiment");
    }

    /** An experiment as the store has it. */
    public static ExperimentState of(Experiment experiment) {
        return new ExperimentState(experiment);
    }

    /**
     * The experiment after a change; the very same if that changes nothing.
     *
     * @throws ConflictException if it is deleted and the change is not to restore it
     */
    public ExperimentState apply(ExperimentChange change, Instant at) {
        if (change instanceof ExperimentChange.Deleted) {
            return deleted(true, at);
        } else if (change instanceof ExperimentChange.Restored) {
            return deleted(false, at);
        } else if (experiment.deleted()) {
            throw new ConflictException("experiment '" + experiment.name() + "' is deleted: restore it first");
        } else if (change instanceof ExperimentChange.Renamed renamed) {
            return changed(renamed.name(), experiment.tags(), at);
        } else if (change instanceof ExperimentChange.Tagged tag) {
            Map<String, String> tags = new TreeMap<>(experiment.tags());
            tags.put(tag.key(), tag.value());
            return changed(experiment.name(), tags, at);
        } else if (change instanceof ExperimentChange.Untagged tag) {
            Map<String, String> tags = new TreeMap<>(experiment.tags());
            tags.remove(tag.key());
            return changed(experiment.name(), tags, at);
        } else if (change instanceof ExperimentChange.Described described) {
            return changed(experiment.name(), tagsAfter(described), at);
        }
        throw new IllegalStateException("no case for " + change.getClass().getName());
    }

    private Map<String, String> tagsAfter(ExperimentChange.Described described) {
        Map<String, String> tags = new TreeMap<>(experiment.tags());
        described.metric().tags().forEach((key, value) -> {
            if (value == null) {
                tags.remove(key);
            } else {
                tags.put(key, value);
            }
        });
        return tags;
    }

    private ExperimentState deleted(boolean now, Instant at) {
        return experiment.deleted() == now ? this : copy(experiment.name(), experiment.tags(), now, at);
    }

    private ExperimentState changed(String name, Map<String, String> tags, Instant at) {
        boolean same = name.equals(experiment.name()) && tags.equals(experiment.tags());
        return same ? this : copy(name, tags, experiment.deleted(), at);
    }

    private ExperimentState copy(String name, Map<String, String> tags, boolean deleted, Instant at) {
        return new ExperimentState(new Experiment(name, experiment.storeId(), experiment.created(), at, tags, deleted));
    }
}
