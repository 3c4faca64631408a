package io.mlops.api.registry;

/** A model held open. Thread-safe. */
public interface ModelLease<M> extends AutoCloseable {
    /**
     * The model, until this lease is closed.
     *
     * @throws IllegalStateException after that
     */
    M model();

    /** The version that is held. */
    ModelVersion version();

    /** Gives the model back; twice is harmless. */
    @Override
    void close();
}
