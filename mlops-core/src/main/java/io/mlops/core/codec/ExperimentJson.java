package io.mlops.core.codec;

import io.mlops.api.tracker.Experiment;
import java.time.Instant;
import java.util.Map;

/** {@code experiment.json}: the true name of an experiment, and its tags. */
public final class ExperimentJson {
    private ExperimentJson() {}

    /** Reads an experiment; {@code storeId} is where it was found. */
    public static Experiment read(Json json, String storeId) {
        Instant created = json.time("created");
        Instant updated = json.timeOrNull("updated");
        return new Experiment(
                json.text("name"),
                storeId,
                created,
                updated == null ? created : updated,
                json.has("tags") ? json.textMap("tags") : Map.of(),
                json.has("deleted"));
    }

    /** Writes an experiment into its document; fields that are not part of one stay as they are. */
    public static void write(Experiment experiment, Json json) {
        json.put("name", experiment.name())
                .put("created", experiment.created())
                .put("updated", experiment.updated())
                .putTextMap("tags", experiment.tags());
    }
}
