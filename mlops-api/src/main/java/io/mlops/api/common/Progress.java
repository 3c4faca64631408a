package io.mlops.api.common;

/**
 * Hears how far a long operation is, such as {@code mlops.registry().progress(bar).register(spec)}. Called when it begins,
 * when it is done, and now and then between, by the thread that works; what it throws is ignored.
 */
@FunctionalInterface
public interface Progress {
    /**
     * Some more was done.
     *
     * @param what is being done, in a few words
     * @param done so far, never less than before: bytes, or things purged
     * @param total to be done; -1 while that is unknown
     */
    void at(String what, long done, long total);

    /** Hears nothing. */
    static Progress none() {
        return (what, done, total) -> {};
    }
}
