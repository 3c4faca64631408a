package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.RelativePath;
import io.mlops.core.codec.Json;
import org.jspecify.annotations.Nullable;

/**
 * An artifact as the list of its run tells it.
 *
 * @param entry the file that is there, unless it is being replaced
 * @param replacing its successor while it is being replaced: the file is then one of the two; null otherwise
 */
record ListedArtifact(ArtifactEntry entry, @Nullable ArtifactEntry replacing) {
    private static final String REPLACING = "replacing";

    RelativePath path() {
        return entry.path();
    }

    static ListedArtifact read(Json json) {
        return new ListedArtifact(
                EntryJson.read(json), json.has(REPLACING) ? EntryJson.read(json.child(REPLACING)) : null);
    }

    /** Sets the fields of an object; its other fields stay. */
    Json write(Json json) {
        EntryJson.update(json, entry);
        return replacing == null ? json.remove(REPLACING) : json.put(REPLACING, EntryJson.write(replacing));
    }

    /** Adds what a later line says of the same artifact. */
    static Json later(Json json, Json line) {
        json.remove(REPLACING);
        return json.putAll(line);
    }
}
