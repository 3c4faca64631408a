package io.mlops.api.registry;

import org.jspecify.annotations.Nullable;

/** A loaded model. It is never closed while a call or lease uses it. Thread-safe. */
public interface ModelHandle<M> extends AutoCloseable {
    /**
     * Uses the model; do not let it escape. What the body throws comes out unchanged.
     *
     * @throws IllegalStateException if the handle is closed
     */
    <R extends @Nullable Object, X extends Exception> R call(ModelFunction<? super M, R, X> body) throws X;

    /**
     * Holds the model over several calls; close it soon.
     *
     * @throws IllegalStateException if the handle is closed
     */
    ModelLease<M> lease();

    /** The state of the handle now. */
    HandleStatus status();

    /**
     * Takes no more calls and waits for those that run, for the configured time at most; in the midst of a call of this
     * handle it would wait for itself. The model is closed when its last lease ends, be it later, and never under one.
     * A second close returns at once.
     */
    @Override
    void close();

    /** The loaded version. */
    default ModelVersion version() {
        return status().version();
    }
}
