package io.mlops.core.tracker;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of all runs together: each may have one chunk, more are lent while there are any. Thread-safe.
 */
final class ChunkPool {
    /** Cleared chunks kept for use; more than these are left to the garbage collector. */
    private static final int SPARES = 64;

    private final Object lock = new Object();
    private final ArrayDeque<PointChunk> spares = new ArrayDeque<>(SPARES);
    private int lendable;

    ChunkPool(int lendable) {
        this.lendable = lendable;
    }

    /** The one chunk that every run may have. */
    PointChunk first() {
        synchronized (lock) {
            return spare();
        }
    }

    /** A further chunk, or null if all are lent. */
    @Nullable
    PointChunk borrow() {
        synchronized (lock) {
            if (lendable == 0) {
                return null;
            }
            lendable--;
            return spare();
        }
    }

    /** Takes a chunk back; {@code lent} tells whether it was a run's further one. */
    void giveBack(PointChunk chunk, boolean lent) {
        synchronized (lock) {
            if (spares.size() < SPARES) {
                spares.push(chunk);
            }
            if (lent) {
                lendable++;
                lock.notifyAll();
            }
        }
    }

    boolean exhausted() {
        synchronized (lock) {
            return lendable == 0;
        }
    }

    /** Waits until a chunk may be borrowed; an interrupt is kept for later. */
    boolean await(long deadlineNanos) {
        boolean interrupted = false;
        try {
            synchronized (lock) {
                while (lendable == 0) {
                    long left = deadlineNanos - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    try {
                        lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                return true;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private PointChunk spare() {
        PointChunk spare = spares.poll();
        return spare == null ? new PointChunk() : spare;
    }
}
