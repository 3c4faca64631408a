package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The columns of a table, in order, their names unique. */
public record Schema(List<Column> columns) {
    public Schema {
        requireNonNull(columns, "columns");
        columns = distinct(columns);
    }

    /** The columns, in this order. */
    public static Schema of(Column... columns) {
        return new Schema(List.of(columns));
    }

    static List<Column> distinct(List<Column> columns) {
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("column '" + column.name() + "' is there twice");
            }
        }
        return List.copyOf(columns);
    }
}
