package io.mlops.api.tracker;

/** What happens inside a run. */
@FunctionalInterface
public interface RunBody<X extends Exception> {
    /** Does it; what it throws fails the run. */
    void accept(Run run) throws X;
}
