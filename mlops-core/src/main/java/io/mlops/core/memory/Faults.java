package io.mlops.core.memory;

import io.mlops.api.common.BackendUnavailableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Makes a memory backend fail on demand, so that a test sees what its program does then. Thread-safe. */
public final class Faults {
    private final AtomicInteger failing = new AtomicInteger();
    private volatile boolean down;
    private volatile boolean closed;
    private volatile Duration delay = Duration.ZERO;

    Faults() {}

    /** From now on every call fails, as with a server that cannot be reached. */
    public void down() {
        down = true;
    }

    /** The next {@code calls} fail, those after them work. */
    public void failNext(int calls) {
        failing.set(calls);
    }

    /** From now on every call takes this much longer. */
    public void slow(Duration longer) {
        delay = longer;
    }

    /** From now on everything works, and at once. */
    public void up() {
        down = false;
        failing.set(0);
        delay = Duration.ZERO;
    }

    void close() {
        closed = true;
    }

    /** Every call of a store begins with this. */
    void check(String what) {
        if (closed) {
            throw new IllegalStateException("the memory backend is closed: cannot " + what);
        }
        long wake = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = wake - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
        if (down || failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new BackendUnavailableException("the memory backend is down: cannot " + what, false, null);
        }
    }
}
