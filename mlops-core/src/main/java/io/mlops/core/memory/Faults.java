package io.mlops.core.memory;

import io.mlops.api.common.BackendUnavailableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Makes a memory backend fail on demand, so that a test sees what its program does then. Thread-safe. */
public final class Faults {
    private final AtomicInteger failing = new AtomicInteger();
    private final AtomicLong failed = new AtomicLong();
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

    /** The number of calls that were made to fail so far. */
    public long failed() {
        return failed.get();
    }

    void close() {
        closed = true;
    }

    /** Fails if the backend is closed, or a fault is due; every call of a store begins with this. */
    void check(String what) {
        if (closed) {
            throw new IllegalStateException("the memory backend is closed: cannot " + what);
        }
        delay();
        if (down || failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            failed.incrementAndGet();
            throw new BackendUnavailableException("the memory backend is down: cannot " + what, false, null);
        }
    }

    /** Waits for the delay of slow calls. An interrupt that comes meanwhile cuts it short; the flag is kept. */
    private void delay() {
        long wake = System.nanoTime() + delay.toNanos();
        if (delay.isZero()) {
            return;
        }
        // With the flag set before, parking would return at once.
        boolean before = Thread.interrupted();
        boolean interrupted = false;
        while (!interrupted && wake - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, wake - System.nanoTime());
            interrupted = Thread.interrupted();
        }
        if (before || interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
