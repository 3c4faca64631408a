package io.mlops.backends.http.model;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.registry.Model;
import io.mlops.backends.http.server.KeyValues;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.StoredName;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A registered model as the server keeps it.
 *
 * @param storedName the name that the server keeps, which may be a shortened one
 * @param aliases version number by alias; empty in the answers of searches
 * @param tags those of the library, too
 */
record ServerModel(
        String storedName,
        Instant created,
        String description,
        Map<String, Integer> aliases,
        Map<String, String> tags) {
    private static final String PROMPT = "mlflow.prompt.is_prompt";

    ServerModel {
        aliases = Map.copyOf(aliases);
        tags = Map.copyOf(tags);
    }

    /** Reads a model; what else the server says of it is skipped. */
    static ServerModel read(JsonParser in) throws IOException {
        Map<String, String> texts = new HashMap<>();
        Map<String, String> tags = new HashMap<>();
        Map<String, Integer> aliases = new HashMap<>();
        Fields.each(in, (name, field) -> {
            switch (name) {
                case "name", "creation_timestamp", "description" -> texts.put(name, Fields.text(field));
                case "tags" -> tags.putAll(KeyValues.read(field));
                case "aliases" -> Fields.list(field, ServerModel::alias).forEach(aliases::putAll);
                default -> {}
            }
        });
        String name = texts.get("name");
        if (name == null) {
            throw Fields.not(in, "model with a name");
        }
        Instant told = Millis.read(texts.get("creation_timestamp"));
        Instant created = Millis.read(tags.get(Reserved.CREATED), told);
        return new ServerModel(name, created, texts.getOrDefault("description", ""), aliases, tags);
    }

    private static Map<String, Integer> alias(JsonParser in) throws IOException {
        Map<String, String> texts = new HashMap<>();
        Fields.each(in, (name, field) -> {
            if (List.of("alias", "version").contains(name)) {
                texts.put(name, Fields.text(field));
            }
        });
        String alias = texts.get("alias");
        int version = Millis.number(texts.getOrDefault("version", ""));
        return alias == null || version < 1 ? Map.of() : Map.of(alias, version);
    }

    /** The name that people gave it. */
    String name() {
        return StoredName.MODEL.read(storedName, tags);
    }

    /** Whether it is no model for users: a prompt, or something of the library's own. */
    boolean isHidden() {
        return tags.containsKey(Reserved.KIND) || "true".equalsIgnoreCase(tags.get(PROMPT));
    }

    /** The model as the API shows it. */
    Model model() {
        return new Model(name(), description, aliases, Shown.tags(tags), created);
    }
}
