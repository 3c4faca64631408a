package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import java.util.Map;
import java.util.TreeMap;

/**
 * A version of a model, and what a change does to it, the same on every backend:
 * {@code VersionState.of(version).apply(change).version()}.
 */
@CheckReturnValue
public record VersionState(ModelVersion version) {
    public VersionState {
        requireNonNull(version, "version");
    }

    /** A version as the store has it. */
    public static VersionState of(ModelVersion version) {
        return new VersionState(version);
    }

    /** The version after a change, which must be one of this version. */
    public VersionState apply(ModelChange.OfVersion change) {
        Map<String, String> tags = new TreeMap<>(version.tags());
        if (change instanceof ModelChange.VersionDescribed described) {
            return changed(described.text(), tags);
        } else if (change instanceof ModelChange.VersionTagged tag) {
            tags.put(tag.key(), tag.value());
            return changed(version.description(), tags);
        } else if (change instanceof ModelChange.VersionUntagged tag) {
            tags.remove(tag.key());
            return changed(version.description(), tags);
        }
        throw new IllegalStateException("no case for " + change.getClass().getName());
    }

    /** The version with this description and these tags, which are all that may change about it. */
    public VersionState changed(String description, Map<String, String> tags) {
        return new VersionState(new ModelVersion(
                version.id(),
                version.digest(),
                version.bytes(),
                version.run(),
                version.datasets(),
                version.parent(),
                version.signature(),
                description,
                tags,
                version.created(),
                version.by()));
    }
}
