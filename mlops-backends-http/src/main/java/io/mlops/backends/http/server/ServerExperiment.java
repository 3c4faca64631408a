package io.mlops.backends.http.server;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.tracker.Experiment;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as the server keeps it.
 *
 * @param id the server's own, which stays when the name changes
 * @param storedName the name that the server keeps, which may be a shortened one
 * @param artifactRoot where the files of its runs lie
 * @param tags those of the library, too
 */
public record ServerExperiment(
        String id,
        String storedName,
        String artifactRoot,
        Instant created,
        Instant updated,
        Map<String, String> tags,
        boolean deleted) {
    /** Reads an experiment; what else the server says of it is skipped. */
    public static ServerExperiment read(JsonParser in) throws IOException {
        Map<String, String> texts = new HashMap<>();
        Map<String, String> tags = new HashMap<>();
        Fields.each(in, (name, field) -> {
            switch (name) {
                case "experiment_id",
                        "name",
                        "artifact_location",
                        "lifecycle_stage",
                        "creation_time",
                        "last_update_time" -> texts.put(name, Fields.text(field));
                case "tags" -> tags.putAll(KeyValues.read(field));
                default -> {}
            }
        });
        if (!texts.containsKey("experiment_id") || !texts.containsKey("name")) {
            throw Fields.not(in, "experiment with id and name");
        }
        Instant created = time(texts.get("creation_time"));
        return new ServerExperiment(
                texts.get("experiment_id"),
                texts.get("name"),
                texts.getOrDefault("artifact_location", ""),
                time(tags.getOrDefault(Reserved.CREATED, Long.toString(created.toEpochMilli()))),
                time(texts.getOrDefault("last_update_time", Long.toString(created.toEpochMilli()))),
                Map.copyOf(tags),
                texts.getOrDefault("lifecycle_stage", "active").equals("deleted"));
    }

    /** The name that people gave it. */
    public String name() {
        return StoredName.EXPERIMENT.read(storedName, tags);
    }

    /** Whether it holds something of the library's own and is shown to nobody. */
    public boolean isHidden() {
        return tags.containsKey(Reserved.KIND);
    }

    /** The experiment as the API shows it. */
    public Experiment experiment() {
        Map<String, String> shown = new HashMap<>(tags);
        shown.entrySet()
                .removeIf(tag ->
                        Reserved.isReserved(tag.getKey()) || tag.getValue().equals(Reserved.REMOVED));
        return new Experiment(name(), id, created, updated, shown, deleted);
    }

    private static Instant time(@Nullable String millis) {
        try {
            return Instant.ofEpochMilli(millis == null ? 0 : Long.parseLong(millis));
        } catch (NumberFormatException othersWroteIt) {
            return Instant.EPOCH;
        }
    }
}
