package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** The inputs or the outputs of a signature. */
public sealed interface Fields {
    /** Inputs or outputs that are a table. */
    record Columns(Schema schema) implements Fields {
        public Columns {
            requireNonNull(schema, "schema");
        }
    }

    /** Inputs or outputs that are tensors, all named unless there is only one. */
    record Tensors(List<TensorSpec> tensors) implements Fields {
        public Tensors {
            requireNonNull(tensors, "tensors");
            tensors = List.copyOf(tensors);
            if (tensors.size() > 1 && tensors.stream().anyMatch(tensor -> tensor.name() == null)) {
                throw new IllegalArgumentException("only a single tensor may go without a name");
            }
        }
    }
}
