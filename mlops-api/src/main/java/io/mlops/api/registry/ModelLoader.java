package io.mlops.api.registry;

/** Turns verified files into a model, and a model back into nothing. Thread-safe. */
@FunctionalInterface
public interface ModelLoader<M> {
    /** Makes the model; the folder stays until the model was closed. */
    M load(VerifiedFiles files) throws Exception;

    /** Called once, when no call or lease uses the model any more; closes it if it can be closed. */
    default void close(M model) throws Exception {
        if (model instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
