package io.mlops.core.query;

import io.mlops.api.tracker.RunStatus;
import org.jspecify.annotations.Nullable;

/**
 * A run as a search reads it, so that a store need not make a {@link io.mlops.api.tracker.RunInfo} of every run that it
 * passes over. A {@link WholeRun} is one; a store may read others from where they lie, each value when it is asked for.
 */
public interface SearchedRun extends RunValues {
    /** The text of the run's id. */
    String id();

    /** The name that people gave the run, or the id. */
    String name();

    /** The id of the run that this one is part of; null if it is part of none. */
    @Nullable
    String parent();

    /** The state of the run. */
    RunStatus status();

    /** The time of the start, in milliseconds since 1970. */
    long startedMillis();

    /** The time of the end, in milliseconds since 1970; null while the run runs. */
    @Nullable
    Long endedMillis();
}
