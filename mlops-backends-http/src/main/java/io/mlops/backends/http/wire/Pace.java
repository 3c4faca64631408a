package io.mlops.backends.http.wire;

import java.util.concurrent.locks.ReentrantLock;

/**
 * How fast calls follow one another. There is no bound until the server says that they are too many; then it is half of what
 * it was, and rises slowly with what works. Thread-safe.
 */
final class Pace {
    private static final int LAST = 16;
    private static final long SHORTEST = 1_000_000L;
    private static final long LONGEST = 10_000_000_000L;
    private static final double RISE = 0.95;

    private final ReentrantLock lock = new ReentrantLock();
    /** Between two calls; 0 for no bound. Guarded by lock. */
    private long interval;
    /** When the next call may begin. Guarded by lock. */
    private long next;
    /** When the pace was halved last. Guarded by lock. */
    private long halved;
    /** When the last calls began, in a circle. Guarded by lock. */
    private final long[] begins = new long[LAST];
    /** Guarded by lock. */
    private long count;

    Pace(long now) {
        next = now;
        halved = now;
    }

    /** Enters a call that wants to begin now; returns the nanoseconds that it must wait first. */
    long enter(long now) {
        lock.lock();
        try {
            long begin = interval == 0 ? now : now + Math.max(0, next - now);
            next = begin + interval;
            begins[(int) (count++ % LAST)] = begin;
            return begin - now;
        } finally {
            lock.unlock();
        }
    }

    /** Halves the pace, unless that was done after the call began which the server refused. */
    void tooMany(long began, long now) {
        lock.lock();
        try {
            if (interval != 0 && began - halved < 0) {
                return;
            }
            halved = now;
            interval = Math.min(LONGEST, 2 * Math.max(interval, usual(now)));
            next = now + interval;
        } finally {
            lock.unlock();
        }
    }

    void worked() {
        lock.lock();
        try {
            interval = (long) (interval * RISE);
            if (interval < SHORTEST) {
                interval = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The mean time between the last calls. */
    private long usual(long now) {
        int known = (int) Math.min(count, LAST);
        if (known < 2) {
            return SHORTEST;
        }
        long first = begins[(int) ((count - known) % LAST)];
        return Math.max(SHORTEST, (now - first) / known);
    }
}
