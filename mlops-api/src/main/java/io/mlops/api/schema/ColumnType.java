package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import java.util.List;

/** The type of a column: a scalar or something built of columns, nested at most 32 deep. */
public sealed interface ColumnType {
    /** Scalars, named as in MLflow signatures: INTEGER has 32 bits, LONG 64, FLOAT 32, DOUBLE 64. */
    enum Scalar implements ColumnType {
        BOOLEAN,
        INTEGER,
        LONG,
        FLOAT,
        DOUBLE,
        STRING,
        BINARY,
        DATETIME
    }

    /** A list of one type. */
    record ListOf(ColumnType item) implements ColumnType {
        public ListOf {
            checkDepth(requireNonNull(item, "item"));
        }
    }

    /** A map from text to one type. */
    record MapOf(ColumnType value) implements ColumnType {
        public MapOf {
            checkDepth(requireNonNull(value, "value"));
        }
    }

    /** A record of named fields. */
    record StructOf(List<Column> fields) implements ColumnType {
        public StructOf {
            requireNonNull(fields, "fields");
            fields = Schema.distinct(fields);
            fields.forEach(field -> checkDepth(field.type()));
        }
    }

    /** A type that holds anything and is never checked. */
    record Any() implements ColumnType {}

    private static void checkDepth(ColumnType inner) {
        if (depth(inner) >= Limits.TYPE_DEPTH) {
            throw new IllegalArgumentException(
                    "the type of a column is nested more than " + Limits.TYPE_DEPTH + " deep: store such data as text");
        }
    }

    private static int depth(ColumnType type) {
        if (type instanceof ListOf list) {
            return 1 + depth(list.item());
        } else if (type instanceof MapOf map) {
            return 1 + depth(map.value());
        } else if (type instanceof StructOf struct) {
            int deepest = 0;
            for (Column field : struct.fields()) {
                deepest = Math.max(deepest, depth(field.type()));
            }
            return 1 + deepest;
        } else if (type instanceof Scalar || type instanceof Any) {
            return 1;
        }
        throw new IllegalStateException("no case for " + type.getClass().getName());
    }
}
