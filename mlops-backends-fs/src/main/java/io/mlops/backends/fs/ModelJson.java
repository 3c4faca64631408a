package io.mlops.backends.fs;

import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.VersionState;
import io.mlops.backends.fs.store.Format;
import io.mlops.core.codec.Json;
import java.time.Instant;
import java.util.Map;

/**
 * The fields of what may change about a model: {@code model.json} with name, description and tags, and {@code
 * versions/<n>.json} with what changed about a version since it was made. Aliases stand in files of their own.
 */
final class ModelJson {
    private ModelJson() {}

    /** Makes a {@code model.json}. */
    static Json create(String name, Instant created) {
        return Format.stamp(Json.object())
                .put("name", name)
                .put("created", created)
                .put("description", "")
                .putTextMap("tags", Map.of());
    }

    /** Reads a model, to which the caller gives its aliases. */
    static Model read(Json json, Map<String, Integer> aliases) {
        json.requiring("tags");
        return new Model(
                json.text("name"), json.text("description"), aliases, json.textMap("tags"), json.time("created"));
    }

    /** Writes what may change about a model into its document, but for aliases. */
    static void write(Model model, Json json) {
        json.put("description", model.description()).putTextMap("tags", model.tags());
    }

    /** Makes a {@code versions/<n>.json}. */
    static Json createVersion(ModelVersion version) {
        Json json = Format.stamp(Json.object());
        writeVersion(version, json);
        return json;
    }

    /** Applies what changed about a version to the version as it was made. */
    static ModelVersion readVersion(ModelVersion made, Json json) {
        json.requiring("tags");
        return VersionState.of(made)
                .changed(json.text("description"), json.textMap("tags"))
                .version();
    }

    /** Writes what may change about a version into its document. */
    static void writeVersion(ModelVersion version, Json json) {
        json.put("description", version.description()).putTextMap("tags", version.tags());
    }
}
