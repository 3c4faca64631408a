package io.mlops.core.config;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.FailurePolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings for what runs record, on its way to the store. A time of more than 1000 days is taken for 1000 days.
 *
 * @param failures what a recording call does when the store cannot take it; if null SPOOL for a store that lies across a
 *     network, DROP for any other
 * @param flushEvery how long a point waits at most before the store gets it: what a killed process may lose
 * @param syncEvery how long it may lie there before it is durable: what a power cut may lose
 * @param waitWhenFull how long a recording call waits for room in full buffers before its point is dropped
 * @param buffers how many buffers of 999 points (28 kB) all runs share, beyond one for each run
 */
@CheckReturnValue
public record Recording(
        @Nullable FailurePolicy failures, Duration flushEvery, Duration syncEvery, Duration waitWhenFull, int buffers) {
    public Recording {
        flushEvery = Durations.positive("flushEvery", flushEvery);
        syncEvery = Durations.positive("syncEvery", syncEvery);
        waitWhenFull = Durations.notNegative("waitWhenFull", waitWhenFull);
        if (buffers < 2) {
            throw new IllegalArgumentException("buffers must be at least 2, not " + buffers);
        }
    }

    /** The policy that fits the store, 1 s, 5 s, 1 s, 256 buffers (7 MB). */
    public static Recording standard() {
        return new Recording(null, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(1), 256);
    }

    /** A copy with another failure policy. */
    public Recording failures(FailurePolicy policy) {
        return new Recording(requireNonNull(policy, "policy"), flushEvery, syncEvery, waitWhenFull, buffers);
    }

    /** A copy that hands points over after this time. */
    public Recording flushEvery(Duration period) {
        return new Recording(failures, period, syncEvery, waitWhenFull, buffers);
    }

    /** A copy that makes points durable after this time. */
    public Recording syncEvery(Duration period) {
        return new Recording(failures, flushEvery, period, waitWhenFull, buffers);
    }

    /** A copy whose recording calls wait this long for room. */
    public Recording waitWhenFull(Duration longest) {
        return new Recording(failures, flushEvery, syncEvery, longest, buffers);
    }

    /** A copy with this many shared buffers of 999 points. */
    public Recording buffers(int count) {
        return new Recording(failures, flushEvery, syncEvery, waitWhenFull, count);
    }
}
