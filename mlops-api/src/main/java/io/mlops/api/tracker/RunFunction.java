package io.mlops.api.tracker;

import org.jspecify.annotations.Nullable;

/** What happens inside a run and gives a result. */
@FunctionalInterface
public interface RunFunction<T extends @Nullable Object, X extends Exception> {
    /** Does it; what it throws fails the run. */
    T apply(Run run) throws X;
}
