package io.mlops.api.tracker;

import org.jspecify.annotations.Nullable;

/** The code that a run records, and that gives a result. */
@FunctionalInterface
public interface RunFunction<T extends @Nullable Object, X extends Exception> {
    /** Runs the code; an exception fails the run. */
    T apply(Run run) throws X;
}
