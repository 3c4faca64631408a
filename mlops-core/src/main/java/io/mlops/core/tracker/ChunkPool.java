package io.mlops.core.tracker;

import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of all runs together: each may have one chunk, more are lent while there are any. The lock
 * is a plain monitor, held for a look at fields only. Thread-safe.
 */
final class ChunkPool {
    /** Spare chunks that nobody needed for so long are left to the garbage collector. */
    private static final long IDLE_NANOS = 10_000_000_000L;

    private final Object lock = new Object();
    private final Signal taken = new Signal();
    /** Made once, so that waiting leaves no garbage. */
    private final BooleanSupplier goesOn = this::goesOn;

    /** Guarded by the lock, as all below. */
    private final ArrayDeque<PointChunk> spares = new ArrayDeque<>();

    private final int mostSpares;
    private int lendable;
    /** Whether somebody waited in vain since a chunk came back last: then nobody else need wait. */
    private boolean stuck;

    private boolean closing;
    /** The fewest spares since the last look, none of which anybody needed. */
    private int fewest;

    private long lookedAt;

    ChunkPool(int lendable, long nanoTime) {
        this.lendable = lendable;
        this.mostSpares = lendable;
        this.lookedAt = nanoTime;
    }

    /**
     * The signal that the store has taken something of any run. Whoever waits for room waits here, be it for another: one
     * for all runs makes an open run small.
     */
    Signal taken() {
        return taken;
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

    /**
     * Takes a chunk back; {@code lent} tells whether it was a run's further one. The caller signals that something was taken
     * when it has given back all, since each signal wakes everybody.
     */
    void giveBack(PointChunk chunk, boolean lent) {
        synchronized (lock) {
            if (spares.size() <= mostSpares) {
                spares.push(chunk);
            }
            if (lent) {
                lendable++;
                stuck = false;
            }
        }
    }

    /** Lets go what recording did without for a while, so that a burst does not hold its memory for ever. */
    void trim(long nanoTime) {
        synchronized (lock) {
            if (nanoTime - lookedAt < IDLE_NANOS) {
                return;
            }
            for (int i = 0; i < fewest; i++) {
                spares.removeLast();
            }
            fewest = spares.size();
            lookedAt = nanoTime;
        }
    }

    /** The number of chunks that wait to be used. */
    int spares() {
        synchronized (lock) {
            return spares.size();
        }
    }

    boolean exhausted() {
        synchronized (lock) {
            return lendable == 0;
        }
    }

    /**
     * Waits until a chunk may be borrowed, or until this moment; an interrupt is kept for later. Once somebody waited in
     * vain, the others do not wait until the store has taken something: a store that is away must not make training crawl.
     */
    boolean await(long nanoTime) {
        boolean unused = taken.await(goesOn, nanoTime, Interrupts.PUT_OFF);
        synchronized (lock) {
            stuck |= lendable == 0 && (closing || nanoTime - System.nanoTime() <= 0);
            return !stuck;
        }
    }

    private boolean goesOn() {
        synchronized (lock) {
            return lendable > 0 || stuck || closing;
        }
    }

    /** Lets nobody wait any more. */
    void waitNoMore() {
        synchronized (lock) {
            closing = true;
        }
        taken.changed();
    }

    private PointChunk spare() {
        PointChunk spare = spares.poll();
        fewest = Math.min(fewest, spares.size());
        return spare == null ? new PointChunk() : spare;
    }
}
