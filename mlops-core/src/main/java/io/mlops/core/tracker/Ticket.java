package io.mlops.core.tracker;

import org.jspecify.annotations.Nullable;

/** What a caller waits with until the delivery thread did what it asked for. Thread-safe. */
final class Ticket {
    /** What is asked for. */
    enum Want {
        /** The store knows the run. */
        CREATED,
        /** Everything recorded before the ticket is durable. */
        DURABLE
    }

    private final Want want;
    private final Object lock = new Object();
    private boolean done;
    private boolean tried;
    private boolean hopeless;
    private boolean withdrawn;
    private @Nullable RuntimeException failure;

    Ticket(Want want) {
        this.want = want;
    }

    Want want() {
        return want;
    }

    /** Whether the delivery thread has tried since the ticket was handed in. */
    boolean tried() {
        synchronized (lock) {
            return tried;
        }
    }

    void done() {
        synchronized (lock) {
            done = true;
            failure = null;
            lock.notifyAll();
        }
    }

    void failed(RuntimeException why) {
        synchronized (lock) {
            tried = true;
            failure = why;
            lock.notifyAll();
        }
    }

    /** It will never be done. */
    void giveUp() {
        synchronized (lock) {
            tried = true;
            hopeless = true;
            lock.notifyAll();
        }
    }

    /** Whether its caller has stopped waiting. */
    boolean withdrawn() {
        synchronized (lock) {
            return withdrawn;
        }
    }

    /** What the last try threw; null if none failed since. */
    @Nullable
    RuntimeException failure() {
        synchronized (lock) {
            return failure;
        }
    }

    /**
     * Waits until it is done, or the time is up, or, where {@code untilTried}, a try has failed.
     *
     * @param interruptible whether an interrupt ends the wait; the flag is kept either way
     * @return whether it is done
     */
    boolean await(long deadlineNanos, boolean untilTried, boolean interruptible) {
        boolean interrupted = Thread.interrupted();
        try {
            synchronized (lock) {
                while (!done && !hopeless && !(untilTried && tried)) {
                    long left = deadlineNanos - System.nanoTime();
                    if (left <= 0 || (interrupted && interruptible)) {
                        break;
                    }
                    try {
                        lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                withdrawn = true;
                return done;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
