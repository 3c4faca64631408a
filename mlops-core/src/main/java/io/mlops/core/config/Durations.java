package io.mlops.core.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Checks of durations that users set. */
final class Durations {
    /** For ever, in nanoseconds that a long can count. */
    private static final Duration LONGEST = Duration.ofDays(1000);

    private Durations() {}

    static Duration positive(String name, Duration duration) {
        Duration time = atMostLongest(name, duration);
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, not " + duration);
        }
        return time;
    }

    static Duration notNegative(String name, Duration duration) {
        Duration time = atMostLongest(name, duration);
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " cannot be " + duration);
        }
        return time;
    }

    private static Duration atMostLongest(String name, Duration duration) {
        return requireNonNull(duration, name).compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
