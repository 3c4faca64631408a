package io.mlops.api.registry;

import org.jspecify.annotations.Nullable;

/** What a caller does with a model. */
@FunctionalInterface
public interface ModelFunction<M, R extends @Nullable Object, X extends Exception> {
    /** Does it. */
    R apply(M model) throws X;
}
