package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some results and, unless these were the last, the token for more. A page that is short or empty need not be the last.
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        requireNonNull(items, "items");
        items = List.copyOf(items);
    }
}
