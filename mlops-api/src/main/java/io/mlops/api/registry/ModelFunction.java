package io.mlops.api.registry;

import org.jspecify.annotations.Nullable;

/** The code that a caller runs on a model. */
@FunctionalInterface
public interface ModelFunction<M, R extends @Nullable Object, X extends Exception> {
    /** Runs the code on the model. */
    R apply(M model) throws X;
}
