package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** The type of a column: a scalar or something built of columns. */
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
            requireNonNull(item, "item");
        }
    }

    /** A map from text to one type. */
    record MapOf(ColumnType value) implements ColumnType {
        public MapOf {
            requireNonNull(value, "value");
        }
    }

    /** Named fields. */
    record StructOf(List<Column> fields) implements ColumnType {
        public StructOf {
            requireNonNull(fields, "fields");
            fields = Schema.distinct(fields);
        }
    }

    /** Anything at all; never checked. */
    record Any() implements ColumnType {}
}
