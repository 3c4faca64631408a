package io.mlops.api.schema;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a tensor and the type of its elements.
 *
 * @param name null for the only tensor
 * @param shape one size per dimension, -1 where it is free
 */
public record TensorSpec(@Nullable String name, ElementType element, List<Long> shape) {
    public TensorSpec {
        requireNonNull(element, "element");
        requireNonNull(shape, "shape");
        if (name != null) {
            Names.checkValue("the name of a tensor", name, Limits.COLUMN_NAME, "");
        }
        shape = List.copyOf(shape);
        for (long size : shape) {
            if (size < -1) {
                throw new IllegalArgumentException("a dimension is at least 0, or -1 where it is free, not " + size);
            }
        }
    }
}
