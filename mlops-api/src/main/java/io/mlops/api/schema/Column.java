package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;

/** A named, typed column; {@code required} says that a row must have a value. A name has at most 5000 characters. */
public record Column(String name, ColumnType type, boolean required) {
    public Column {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a column is blank");
        }
        Names.checkValue("the name of a column", name, Limits.COLUMN_NAME, "");
    }

    /** A column that every row fills. */
    public static Column required(String name, ColumnType type) {
        return new Column(name, type, true);
    }

    /** A column that a row may leave empty. */
    public static Column optional(String name, ColumnType type) {
        return new Column(name, type, false);
    }
}
