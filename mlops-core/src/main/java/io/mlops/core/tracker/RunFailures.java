package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RunId;
import org.jspecify.annotations.Nullable;

/** What the store could not take, or knows otherwise, of one run, until its program has heard of it. Thread-safe. */
final class RunFailures {
    /** Under FAIL, the failure that the next recording call tells of; written by the delivery thread. */
    private volatile @Nullable RuntimeException latest;
    /** Whether the program was told that the store fails; written by whoever is. */
    private volatile boolean told;
    /** Written by the delivery thread, and taken by whoever flushes or ends. */
    private volatile @Nullable ConflictException contradiction;

    /** Whether the next recording call has a failure to tell of. */
    boolean any() {
        return latest != null;
    }

    @Nullable
    RuntimeException latest() {
        return latest;
    }

    /** Tells of the latest failure, if there is one. */
    void check(RunId run) {
        RuntimeException why = latest;
        if (why != null) {
            told = true;
            throw new BackendUnavailableException("run " + run + " cannot be stored: " + why.getMessage(), false, why);
        }
    }

    /** Lets the next recording call tell of a failure. */
    void failed(RuntimeException why) {
        latest = why;
    }

    /** Lets recording calls go on, since the store works again. */
    void recovered() {
        latest = null;
    }

    /** Notes that the program is told of a failure, so that closing does not wait for the store once more. */
    void tell() {
        told = true;
    }

    boolean told() {
        return told;
    }

    /** Keeps what the store knows otherwise than this run, until the caller hears of it at the next flush or end. */
    void contradicted(ConflictException why) {
        contradiction = why;
    }

    /** The latest contradiction since this was asked last, if there was any. */
    @Nullable
    ConflictException takeContradiction() {
        ConflictException why = contradiction;
        contradiction = null;
        return why;
    }
}
