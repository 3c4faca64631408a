package io.mlops.core.delivery;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Whole milliseconds of another clock, which may say anything: a time that no long can hold becomes the nearest one that it
 * can, so that no recording fails on a clock. Thread-safe if the other clock is.
 */
public final class ClampedClock implements InstantSource {
    private final InstantSource clock;

    /** A clock that reads another one. */
    public ClampedClock(InstantSource clock) {
        this.clock = clock;
    }

    /** Milliseconds since 1970 UTC. */
    @Override
    public long millis() {
        try {
            return clock.millis();
        } catch (ArithmeticException beyond) {
            return clock.instant().isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
