package io.mlops.api.registry;

/** Makes a model of verified files, and closes it when nobody uses it any more. Thread-safe. */
@FunctionalInterface
public interface ModelLoader<M> {
    /** Makes the model, never null; the folder stays until the model was closed. */
    M load(VerifiedFiles files) throws Exception;

    /** Closes the model if it can be closed; called once, when no call or lease uses it any more. */
    default void close(M model) throws Exception {
        if (model instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
