package io.mlops.core.delivery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The one timed wait: threads wait here for a condition, and look at it again whenever somebody says that it may have
 * changed. The state behind the condition has a guard of its own, which nobody holds while waiting. Thread-safe.
 */
public final class Signal {
    /** So many may wait without leaving garbage, since recording calls wait here. */
    private static final int PLACES = 4;

    // Both are read and written as volatiles: a waiter that is not seen here sees the change that came before the look.
    private final AtomicReferenceArray<Thread> few = new AtomicReferenceArray<>(PLACES);
    private final Queue<Thread> others = new ConcurrentLinkedQueue<>();

    /**
     * Lets all who wait look again. The caller has changed the state before, so that they see it. Never blocks, and may be
     * called under any lock.
     */
    public void changed() {
        for (int place = 0; place < PLACES; place++) {
            LockSupport.unpark(few.get(place));
        }
        others.forEach(LockSupport::unpark);
    }

    /**
     * Waits until the condition holds or the deadline has passed. The caller holds no lock that others need to make it hold.
     * An interrupt is kept for the caller to see, also where it ends the wait.
     *
     * @return whether the condition holds
     */
    public boolean await(BooleanSupplier condition, Deadline deadline, Interrupts interrupts) {
        return await(condition, deadline.nanoTime(), interrupts);
    }

    /** Waits likewise, until a moment of {@link System#nanoTime}, for callers that may leave no garbage. */
    public boolean await(BooleanSupplier condition, long nanoTime, Interrupts interrupts) {
        if (condition.getAsBoolean()) {
            return true;
        }
        boolean interrupted = Thread.interrupted();
        Thread caller = Thread.currentThread();
        int place = enter(caller);
        try {
            while (!condition.getAsBoolean()) {
                long left = nanoTime - System.nanoTime();
                if (left <= 0 || (interrupted && interrupts == Interrupts.END_THE_WAIT)) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
                interrupted |= Thread.interrupted();
            }
            return true;
        } finally {
            leave(caller, place);
            if (interrupted) {
                caller.interrupt();
            }
        }
    }

    private int enter(Thread caller) {
        for (int place = 0; place < PLACES; place++) {
            if (few.compareAndSet(place, null, caller)) {
                return place;
            }
        }
        others.add(caller);
        return PLACES;
    }

    private void leave(Thread caller, int place) {
        if (place < PLACES) {
            few.set(place, null);
        } else {
            boolean unused = others.remove(caller);
        }
    }
}
