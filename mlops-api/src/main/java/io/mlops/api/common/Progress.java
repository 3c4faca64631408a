package io.mlops.api.common;

/**
 * A listener that hears how far a long operation is, such as {@code mlops.registry().progress(bar).register(spec)}. It
 * is called when the operation begins, when this is done, and now and then between, by the thread that works; what it
 * throws is ignored.
 */
@FunctionalInterface
public interface Progress {
    /**
     * Hears that more was done.
     *
     * @param what is being done, in a few words
     * @param done so far, never less than before: bytes, or things purged
     * @param total to be done; -1 while that is unknown
     */
    void at(String what, long done, long total);

    /** A listener that ignores what it hears. */
    static Progress none() {
        return (what, done, total) -> {};
    }
}
