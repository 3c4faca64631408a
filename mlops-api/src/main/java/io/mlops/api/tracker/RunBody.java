package io.mlops.api.tracker;

/** The code that a run records. */
@FunctionalInterface
public interface RunBody<X extends Exception> {
    /** Runs the code; an exception fails the run. */
    void accept(Run run) throws X;
}
