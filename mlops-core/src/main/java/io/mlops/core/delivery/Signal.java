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
    private static final int PLACES = 8;

    /** The places stand in a ring, closed by one for all others. */
    private static final int RING = PLACES + 1;

    // Both are read and written as volatiles: a waiter that is not seen here sees the change that came before the look.
    private final AtomicReferenceArray<Thread> few = new AtomicReferenceArray<>(PLACES);
    private final Queue<Thread> others = new ConcurrentLinkedQueue<>();
    /** Where the latest round began; of two at once, the later one passes everybody. */
    private volatile int start;

    /**
     * Lets all who wait look again. The caller has changed the state before, so that they see it. Never blocks, and may be
     * called under any lock. It wakes one of them, who wakes the next: eight at once take the processor from the thread that
     * calls here. Each round begins at another place, so that none is always first.
     */
    public void changed() {
        int first = (start + 1) % RING;
        start = first;
        if (!wake(first)) {
            wakeNext(first);
        }
    }

    /** Wakes the first who waits after a place, up to where the round began. */
    private void wakeNext(int place) {
        int next = (place + 1) % RING;
        while (next != start && !wake(next)) {
            next = (next + 1) % RING;
        }
    }

    /** Wakes who waits at a place. The round goes on by itself unless somebody there takes it on. */
    private boolean wake(int place) {
        if (place == PLACES) {
            others.forEach(LockSupport::unpark);
            return false;
        }
        Thread waiting = few.get(place);
        LockSupport.unpark(waiting);
        return waiting != null;
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
        boolean woken = false;
        try {
            while (!condition.getAsBoolean()) {
                long left = nanoTime - System.nanoTime();
                if (left <= 0 || (interrupted && interrupts == Interrupts.END_THE_WAIT)) {
                    return false;
                }
                if (woken) {
                    passOn(place);
                }
                LockSupport.parkNanos(this, left);
                woken = true;
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
        // Others do not wait for one that has no carrier to take the round on.
        for (int place = isVirtual(caller) ? PLACES : 0; place < PLACES; place++) {
            if (few.compareAndSet(place, null, caller)) {
                return place;
            }
        }
        others.add(caller);
        return PLACES;
    }

    /** Tells it by the name that JEP 444 gives to the group of all virtual threads, since Java 17 cannot ask. */
    private static boolean isVirtual(Thread caller) {
        return caller.getThreadGroup().getName().equals("VirtualThreads");
    }

    private void leave(Thread caller, int place) {
        if (place < PLACES) {
            few.set(place, null);
            // A round that came here meanwhile must not end here.
            passOn(place);
        } else {
            boolean unused = others.remove(caller);
        }
    }

    private void passOn(int place) {
        if (place < PLACES) {
            wakeNext(place);
        }
    }
}
