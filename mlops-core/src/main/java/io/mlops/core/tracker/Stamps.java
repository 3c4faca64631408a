package io.mlops.core.tracker;

import java.time.Instant;
import java.time.InstantSource;

/** Reads a clock that may say anything. */
final class Stamps {
    private Stamps() {}

    /** Milliseconds since 1970 UTC; a time that no long can hold becomes the nearest one that it can. */
    static long millis(InstantSource clock) {
        try {
            return clock.millis();
        } catch (ArithmeticException beyond) {
            return clock.instant().isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static Instant now(InstantSource clock) {
        return Instant.ofEpochMilli(millis(clock));
    }
}
