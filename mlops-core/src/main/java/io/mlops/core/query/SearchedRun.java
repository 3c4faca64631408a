package io.mlops.core.query;

import io.mlops.api.tracker.RunStatus;
import org.jspecify.annotations.Nullable;

/**
 * A run as a search reads it, so that a store need not make a {@link io.mlops.api.tracker.RunInfo} of every run that it
 * passes over. A {@link WholeRun} is one; a store may read others from where they lie, each value when it is asked for.
 */
public interface SearchedRun extends RunValues {
    /** The id's text. */
    String id();

    /** The name that people gave it, or the id. */
    String name();

    /** Where it stands. */
    RunStatus status();

    /** When it started, in milliseconds since 1970. */
    long startedMillis();

    /** When it ended, in milliseconds since 1970; null while it runs. */
    @Nullable
    Long endedMillis();
}
