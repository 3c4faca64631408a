package io.mlops.core.disk;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock that threads get in the order in which they came, except that one which cannot run holds nobody up: before JDK 24
 * all carriers of virtual threads may be held by threads that wait for somebody behind it. Thread-safe, not reentrant.
 */
final class TurnLock {
    /** A lock that was free for so long is anybody's, since the first in line does not come. */
    private static final long TURN_NANOS = 20_000_000;

    /** Whoever is not first in line looks that often whether the first does not come. */
    private static final long LOOK_NANOS = 100_000_000;

    private final AtomicBoolean held = new AtomicBoolean();
    /** The threads that wait, the first in line first; concurrent. */
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();
    /** Written by the thread that frees the lock. */
    private volatile long freeSince = System.nanoTime();

    /**
     * Waits for the lock until a moment of {@link System#nanoTime}; returns whether the thread has it. An interrupt is put
     * off.
     */
    boolean tryLock(long nanoTime) {
        if (waiting.isEmpty() && held.compareAndSet(false, true)) {
            return true;
        }
        Thread caller = Thread.currentThread();
        waiting.add(caller);
        boolean interrupted = Thread.interrupted();
        boolean locked = takeTurn(caller);
        while (!locked && nanoTime - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, Math.min(LOOK_NANOS, nanoTime - System.nanoTime()));
            interrupted |= Thread.interrupted();
            locked = takeTurn(caller);
        }
        boolean unused = waiting.remove(caller);
        if (!locked) {
            // It may have been this thread that was woken last.
            LockSupport.unpark(waiting.peek());
        }
        if (interrupted) {
            caller.interrupt();
        }
        return locked;
    }

    private boolean takeTurn(Thread caller) {
        boolean turn = waiting.peek() == caller || System.nanoTime() - freeSince > TURN_NANOS;
        return turn && held.compareAndSet(false, true);
    }

    /** Frees the lock, which the calling thread has. */
    void unlock() {
        freeSince = System.nanoTime();
        held.set(false);
        LockSupport.unpark(waiting.peek());
    }
}
