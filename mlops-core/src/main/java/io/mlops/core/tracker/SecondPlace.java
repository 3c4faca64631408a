package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.DaemonThread;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.DeliveryCounter;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does in the second store of a tee what its caller waits for, so that this store can neither fail nor hold up the first:
 * on a thread of its own, since a store may hang for ever. What it misses is counted, and warned of once. Thread-safe.
 */
final class SecondPlace {
    private static final Logger LOG = LoggerFactory.getLogger(SecondPlace.class);

    /** Something to do there; it asks now and then whether it is still wanted, which also tells that it is alive. */
    interface Work<T extends @Nullable Object> {
        T in(BooleanSupplier wanted);
    }

    private final Recorder recorder;
    private final Duration within;
    private final boolean failFast;
    /** Threads that the store did not let go in time. */
    private final Set<DaemonThread> hanging = ConcurrentHashMap.newKeySet();

    private final Set<Class<?>> told = ConcurrentHashMap.newKeySet();
    /** The round of the recorder in which somebody waited in vain; it hangs as long as that does not change. */
    private volatile long stuckAt = -1;

    private final Object lock = new Object();
    /** Guarded by the lock, as what follows. */
    private final DeliveryCounter missed = new DeliveryCounter();

    private long missedTold;

    SecondPlace(Recorder recorder, MlopsConfig config) {
        this.recorder = recorder;
        this.within = config.closeWithin();
        this.failFast = config.recording().failures() == FailurePolicy.FAIL;
    }

    /**
     * Does it in the first place, and then here. What the first refuses as contradictory or malformed is not done here;
     * if it fails otherwise, it is, and then the failure comes out. What fails here alone comes out under FAIL only.
     */
    <T> T both(String what, Supplier<T> inFirst, Work<?> inSecond) {
        T result;
        try {
            result = inFirst.get();
        } catch (ConflictException | IllegalArgumentException | NullPointerException refused) {
            throw refused;
        } catch (RuntimeException failed) {
            try {
                Object unused = call(what, inSecond);
            } catch (RuntimeException here) {
                failed.addSuppressed(here);
            }
            throw failed;
        }
        try {
            Object unused = call(what, inSecond);
        } catch (RuntimeException e) {
            synchronized (lock) {
                missed.accept();
                missed.drop(Delivery.Reason.of(e).toString(), 1);
            }
            missed(what, e);
        }
        return result;
    }

    /** Like {@link #both}, for what gives nothing back. */
    void change(String what, Runnable inFirst, Consumer<BooleanSupplier> inSecond) {
        boolean unused = both(
                what,
                () -> {
                    inFirst.run();
                    return true;
                },
                wanted -> {
                    inSecond.accept(wanted);
                    return true;
                });
    }

    /** Tells of what was not done here: throws it under FAIL. */
    void missed(String what, RuntimeException why) {
        if (failFast) {
            throw why;
        }
        if (told.add(why.getClass())) {
            LOG.warn("the second store of the tee missed it: {}; delivery() counts what is lost", what, why);
        } else {
            LOG.debug("the second store of the tee missed it: {}", what, why);
        }
    }

    /**
     * Does it here, for as long as it is alive.
     *
     * @throws BackendUnavailableException if there was no sign of life for the configured time, or of something before
     */
    <T extends @Nullable Object> T call(String what, Work<T> work) {
        hanging.removeIf(thread -> !thread.alive());
        if (!hanging.isEmpty()) {
            throw silent(what);
        }
        Signs signs = new Signs(within);
        CompletableFuture<T> result = new CompletableFuture<>();
        DaemonThread thread = DaemonThread.start("second", () -> {
            try {
                result.complete(work.in(signs));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
            signs.over.changed();
        });
        while (!signs.over.await(result::isDone, signs.silentAt, Interrupts.PUT_OFF)) {
            if (signs.silentAt.passed()) {
                signs.wanted = false;
                hanging.add(thread);
                throw silent(what);
            }
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new BackendUnavailableException("the second store failed: " + e.getCause(), true, e.getCause());
        }
    }

    /** Waits for its recorder as long as configured, but not again while that hangs. */
    void patiently(Consumer<Deadline> untilDeadline) {
        patiently(Deadline.in(within), untilDeadline);
    }

    /** Waits for its recorder, but not again while that hangs. */
    void patiently(Deadline deadline, Consumer<Deadline> untilDeadline) {
        long rounds = recorder.rounds();
        boolean patient = rounds != stuckAt;
        try {
            untilDeadline.accept(patient ? deadline : Deadline.now());
        } finally {
            if (patient && deadline.passed() && recorder.rounds() == rounds) {
                stuckAt = rounds;
            }
        }
    }

    /** The counts of what this store missed beside what its recorder counts. */
    Delivery missed() {
        synchronized (lock) {
            return missed.snapshot();
        }
    }

    /** Whether something was missed since this was asked last. */
    boolean takeMissed() {
        synchronized (lock) {
            long lost = missed.dropped();
            boolean more = lost > missedTold;
            missedTold = lost;
            return more;
        }
    }

    /** A store that hangs gets an interrupt. */
    void close() {
        hanging.forEach(DaemonThread::interrupt);
    }

    private BackendUnavailableException silent(String what) {
        return new BackendUnavailableException(
                "the second store did not answer within " + within + " and gets no more until it does: " + what,
                true,
                null);
    }

    /** The moment of the last sign of life, and whether the work is still wanted. */
    private static final class Signs implements BooleanSupplier {
        private final Duration within;
        private final Signal over = new Signal();
        /** Written by the thread that works. */
        private volatile Deadline silentAt;
        /** Written by the thread that waits. */
        private volatile boolean wanted = true;

        Signs(Duration within) {
            this.within = within;
            this.silentAt = Deadline.in(within);
        }

        @Override
        public boolean getAsBoolean() {
            silentAt = Deadline.in(within);
            return wanted;
        }
    }
}
