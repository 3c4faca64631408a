package io.mlops.backends.fs;

import io.mlops.api.tracker.Experiment;
import io.mlops.backends.fs.store.Documents;
import io.mlops.backends.fs.store.Format;
import io.mlops.core.codec.Json;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of {@code experiment.json}: the true name of an experiment, and its tags. */
final class ExperimentJson {
    private static final String DELETED = "deleted";
    private static final String FOLDER = "folder";

    private ExperimentJson() {}

    /** Reads an experiment; {@code storeId} is the name of its folder. */
    static Experiment read(Json json, String storeId) {
        return Documents.decode(json, experiment -> decode(experiment, storeId));
    }

    /** Returns the name of the folder that an experiment was made in; null for one of an older version. */
    static @Nullable String folder(Json json) {
        return json.textOrNull(FOLDER);
    }

    private static Experiment decode(Json json, String storeId) {
        if (json.has("updated") || json.has("tags") || json.has(FOLDER)) {
            // The first version wrote neither.
            json.requiring("updated", "tags");
        }
        Instant created = json.time("created");
        Instant updated = json.timeOrNull("updated");
        return new Experiment(
                json.text("name"),
                storeId,
                created,
                updated == null ? created : updated,
                json.has("tags") ? json.textMap("tags") : Map.of(),
                json.has(DELETED));
    }

    /**
     * Writes an experiment into its document; fields of the document that are not part of an experiment stay as they
     * are.
     */
    static void write(Experiment experiment, Json json) {
        json.put("name", experiment.name())
                .put(FOLDER, experiment.storeId())
                .put("created", experiment.created())
                .put("updated", experiment.updated())
                .putTextMap("tags", experiment.tags());
    }

    /** Marks the experiment as deleted at this time, unless it is marked already, or removes the mark. */
    static void markDeleted(Json json, boolean deleted, Instant at) {
        Format.mark(json, DELETED, deleted, at);
    }

    /** Returns the time at which the experiment was deleted; null if it is not. */
    static @Nullable Instant deletedAt(Json json) {
        return json.timeOrNull(DELETED);
    }
}
