package io.mlops.core.codec;

import io.mlops.api.tracker.Experiment;
import java.time.Instant;

/** {@code experiment.json}: the true name of an experiment. */
public final class ExperimentJson {
    private ExperimentJson() {}

    /** Reads an experiment; {@code storeId} is where it was found. */
    public static Experiment read(Json json, String storeId) {
        return new Experiment(json.text("name"), storeId, json.time("created"));
    }

    /** A new document. */
    public static Json create(String name, Instant created) {
        return Format.stamp(Json.object()).put("name", name).put("created", created);
    }
}
