package io.mlops.core.delivery;

import java.time.Duration;

/**
 * A moment until which somebody is ready to wait, on the scale of {@link System#nanoTime}: the wall clock does not move it.
 * Two deadlines are compared by their distance, since that scale may overflow.
 */
public record Deadline(long nanoTime) {
    /** As good as for ever, and half of what a long can count. */
    private static final Duration FOR_EVER = Duration.ofDays(50_000);

    /** The moment that comes so long from now; a negative duration is none, and a very long one is for ever. */
    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + nanos(duration));
    }

    /** A moment that no program lives to see. */
    public static Deadline never() {
        return in(FOR_EVER);
    }

    /** The present moment, for whoever must not wait at all. */
    public static Deadline now() {
        return new Deadline(System.nanoTime());
    }

    /** Whether the moment has come. */
    public boolean passed() {
        return nanosLeft() <= 0;
    }

    /** The time that is left; zero or less once the moment has come. */
    public long nanosLeft() {
        return nanoTime - System.nanoTime();
    }

    /** Whichever of the two comes first. */
    public Deadline orEarlier(Deadline other) {
        return other.nanoTime - nanoTime < 0 ? other : this;
    }

    /** Whichever of the two comes last. */
    public Deadline orLater(Deadline other) {
        return other.nanoTime - nanoTime > 0 ? other : this;
    }

    /** This moment, but not before so long from now. */
    public Deadline atLeast(Duration fromNow) {
        Deadline least = in(fromNow);
        return least.nanoTime - nanoTime > 0 ? least : this;
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(FOR_EVER) < 0 ? Math.max(0, duration.toNanos()) : FOR_EVER.toNanos();
    }
}
