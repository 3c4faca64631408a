package io.mlops.core.query;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a condition or an order term names, in one spelling whatever it was written in: {@code attr.Created} of a run is
 * {@code attributes} and {@code start_time}. Immutable.
 *
 * @param entity what stands before the dot in its first spelling, {@link #ATTRIBUTES} if nothing does
 * @param key without quotes; of attributes and parts the first of their names, others as they were written
 * @param function around it in lower case, such as {@code max}; null if there is none, as always in conditions
 */
public record FieldName(String entity, String key, @Nullable String function) {
    /** The entity of attributes, which may also be named alone. */
    public static final String ATTRIBUTES = "attributes";

    public FieldName {
        requireNonNull(entity, "entity");
        requireNonNull(key, "key");
    }

    /** What is named by an entity and a key, without a function around them. */
    public static FieldName of(String entity, String key) {
        return new FieldName(entity, key, null);
    }

    /** Whether this is one of the attributes of its subject. */
    public boolean isAttribute() {
        return entity.equals(ATTRIBUTES);
    }
}
