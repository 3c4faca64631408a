package io.mlops.core.tracker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Moments on the scale of {@link System#nanoTime}; a duration that is beyond it is as good as for ever. */
final class Deadline {
    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    private static final long MOMENT_MILLIS = 200;

    private Deadline() {}

    /** So long from now. */
    static long in(Duration duration) {
        return System.nanoTime() + nanos(duration);
    }

    /** Waits for a thread that was told to end, a moment at least; an interrupt ends the wait, and the flag is kept. */
    static void join(@Nullable Thread ending, long deadlineNanos) {
        if (ending != null) {
            try {
                ending.join(Math.max(MOMENT_MILLIS, (deadlineNanos - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The length of a duration that may be longer than a long can tell. */
    static long nanos(Duration duration) {
        return duration.compareTo(FOR_EVER) < 0 ? Math.max(0, duration.toNanos()) : FOR_EVER.toNanos();
    }
}
