package io.mlops.backends.http.model;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelVersion;
import io.mlops.backends.http.server.KeyValues;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model version as the server keeps it.
 *
 * @param source where its files lie, as whoever registered it said
 * @param runStoreId the server's id of the run that it came from; null if it tells none
 * @param modelId the logged model that it is; null on older servers, and for what others registered
 * @param tags those of the library, too
 */
record ServerVersion(
        String storedName,
        int number,
        Instant created,
        String description,
        String source,
        @Nullable String runStoreId,
        @Nullable String modelId,
        String user,
        boolean ready,
        Map<String, String> tags) {
    ServerVersion {
        tags = Map.copyOf(tags);
    }

    /** Reads a version; what else the server says of it is skipped. */
    static ServerVersion read(JsonParser in) throws IOException {
        Map<String, String> texts = new HashMap<>();
        Map<String, String> tags = new HashMap<>();
        Fields.each(in, (name, field) -> {
            switch (name) {
                case "name",
                        "version",
                        "creation_timestamp",
                        "description",
                        "source",
                        "run_id",
                        "model_id",
                        "user_id",
                        "status" -> texts.put(name, Fields.text(field));
                case "tags" -> tags.putAll(KeyValues.read(field));
                default -> {}
            }
        });
        int number = Millis.number(texts.get("version"));
        String name = texts.get("name");
        if (name == null || number < 1) {
            throw Fields.not(in, "model version with name and number");
        }
        return new ServerVersion(
                name,
                number,
                Millis.read(texts.get("creation_timestamp")),
                texts.getOrDefault("description", ""),
                texts.getOrDefault("source", ""),
                told(texts.get("run_id")),
                told(texts.get("model_id")),
                texts.getOrDefault("user_id", ""),
                texts.getOrDefault("status", "READY").equals("READY"),
                tags);
    }

    private static @Nullable String told(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** Whether the library registered it, so that its manifest says what it holds. */
    boolean isOurs() {
        return VersionTags.digest(tags) != null;
    }

    /** The version of a model of this name, as the API shows it; of what others registered, its size is not known. */
    ModelVersion version(String model) {
        RunId run = runStoreId == null || !RunId.isValid(runStoreId) ? null : new RunId(runStoreId);
        return VersionTags.version(model, this, run);
    }
}
