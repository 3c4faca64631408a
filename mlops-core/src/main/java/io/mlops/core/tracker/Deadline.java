package io.mlops.core.tracker;

import java.time.Duration;

/** Moments on the scale of {@link System#nanoTime}; a duration that is beyond it is as good as for ever. */
final class Deadline {
    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    private Deadline() {}

    /** So long from now. */
    static long in(Duration duration) {
        return System.nanoTime() + nanos(duration);
    }

    /** The length of a duration that may be longer than a long can tell. */
    static long nanos(Duration duration) {
        return duration.compareTo(FOR_EVER) < 0 ? Math.max(0, duration.toNanos()) : FOR_EVER.toNanos();
    }
}
