package io.mlops.core.delivery;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pauses between tries of something that fails: each twice as long as the one before, up to a bound. Not thread-safe:
 * belongs to the one thread that tries.
 */
public final class Backoff {
    private final Duration first;
    private final Duration longest;
    private final DoubleSupplier spread;
    private Duration pause = Duration.ZERO;
    /** Null while nothing fails. */
    private @Nullable Deadline nextTry;

    /** Pauses that begin with this one and never become longer than that. */
    public Backoff(Duration first, Duration longest) {
        this(first, longest, () -> 1);
    }

    /**
     * Pauses likewise, each cut to a part of it, so that many who wait for one thing do not all come back at once.
     *
     * @param spread numbers between 0 and 1, of which 0 stands for half of the pause
     */
    public Backoff(Duration first, Duration longest, DoubleSupplier spread) {
        this.first = first;
        this.longest = longest;
        this.spread = spread;
    }

    /** Begins a pause, since a try has failed. */
    public void failed() {
        Duration next = pause.isZero() ? first : pause.multipliedBy(2);
        pause = next.compareTo(longest) < 0 ? next : longest;
        nextTry = Deadline.in(Duration.ofNanos((long) (pause.toNanos() * (1 + spread.getAsDouble()) / 2)));
    }

    /** Forgets all failures, since a try has worked. */
    public void worked() {
        pause = Duration.ZERO;
        nextTry = null;
    }

    /** Whether the last try failed. */
    public boolean failing() {
        return nextTry != null;
    }

    /** Whether the last try failed so short a time ago that it is too early for another. */
    public boolean pausing() {
        return nextTry != null && !nextTry.passed();
    }

    /** The moment for another try; never if the last one worked. */
    public Deadline nextTry() {
        return nextTry == null ? Deadline.never() : nextTry;
    }
}
