package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

/**
 * The inputs that a model takes and the outputs that it gives. Not called Signature because {@code java.security} has
 * one.
 */
public record ModelSignature(Fields inputs, Fields outputs) {
    public ModelSignature {
        requireNonNull(inputs, "inputs");
        requireNonNull(outputs, "outputs");
    }

    /** The signature of a model that makes a table of a table. */
    public static ModelSignature of(Schema inputs, Schema outputs) {
        return new ModelSignature(new Fields.Columns(inputs), new Fields.Columns(outputs));
    }
}
