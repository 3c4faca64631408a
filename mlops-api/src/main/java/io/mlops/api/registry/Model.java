package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Times;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model as a name, with the versions that its aliases point to.
 *
 * @param aliases version number by alias, without {@code latest}
 */
public record Model(
        String name, String description, Map<String, Integer> aliases, Map<String, String> tags, Instant created) {
    public Model {
        requireNonNull(name, "name");
        requireNonNull(description, "description");
        requireNonNull(aliases, "aliases");
        requireNonNull(tags, "tags");
        created = Times.storable(requireNonNull(created, "created"));
        aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
