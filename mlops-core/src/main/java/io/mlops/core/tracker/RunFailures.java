package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import org.jspecify.annotations.Nullable;

/** What the store could not take, or refused, of one run, until its program has heard of it. Thread-safe. */
final class RunFailures {
    /** Under FAIL, the failure that the next recording call tells of; written by the delivery thread. */
    private volatile @Nullable RuntimeException latest;
    /** Whether the program was told that the store fails; written by whoever is. */
    private volatile boolean told;

    private final Object guard = new Object();
    /** The first thing refused since the program heard of one last; guarded. */
    private @Nullable MlopsException refusal;

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

    /** Keeps what the store refused, until the caller hears of it at the next flush or end: of several the first. */
    void refused(RunId run, String what, RuntimeException why) {
        String message = "run " + run + ": the store refused " + what + ", which is dropped: " + why.getMessage();
        synchronized (guard) {
            if (refusal == null) {
                refusal = why instanceof ConflictException
                        ? new ConflictException(message)
                        : new RefusedException(message, why);
            }
        }
    }

    /** The first refusal since this was asked last, if there was any. */
    @Nullable
    MlopsException takeRefusal() {
        synchronized (guard) {
            MlopsException first = refusal;
            refusal = null;
            return first;
        }
    }
}
