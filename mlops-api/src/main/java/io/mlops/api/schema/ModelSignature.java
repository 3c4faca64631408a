package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

/** What a model takes and gives. Not called Signature because {@code java.security} has one. */
public record ModelSignature(Fields inputs, Fields outputs) {
    public ModelSignature {
        requireNonNull(inputs, "inputs");
        requireNonNull(outputs, "outputs");
    }

    /** A model from table to table. */
    public static ModelSignature of(Schema inputs, Schema outputs) {
        return new ModelSignature(new Fields.Columns(inputs), new Fields.Columns(outputs));
    }
}
