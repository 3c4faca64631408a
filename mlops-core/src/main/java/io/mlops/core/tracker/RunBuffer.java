package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.config.Recording;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.DeliveryCounter;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run has recorded and the store does not have yet. The guard is a plain monitor, since a queueing lock allocates
 * when two threads meet; it is never held over I/O or a wait. Thread-safe.
 */
final class RunBuffer {
    private static final String FULL = "buffer full";

    private final RunId run;
    private final Recording settings;
    private final ChunkPool pool;
    private final DeliveryLog log;
    private final Runnable wake;
    private final MetricKeys keys;

    private final Signal factsTaken = new Signal();
    /** Under FAIL, the failure that the next recording call tells of; written by the delivery thread. */
    private volatile @Nullable RuntimeException failure;
    /** Written by the delivery thread, and taken by whoever flushes or ends. */
    private volatile @Nullable ConflictException contradiction;

    private final Object guard = new Object();
    /** Guarded, as all below. */
    private final DeliveryCounter account = new DeliveryCounter();

    private final PointQueue points;
    private final FactQueue facts = new FactQueue();
    private final KnownFacts known;
    /** How much of what was lost the program has been told of by a flush. */
    private long lossTold;

    /** Why nothing is taken any more, if so. */
    private @Nullable String lostBecause;

    private boolean factsStuck;
    private boolean abandoned;
    private boolean ended;

    RunBuffer(RunId run, Recording settings, ChunkPool pool, DeliveryLog log, Runnable wake) {
        this.run = run;
        this.keys = new MetricKeys(run);
        this.known = new KnownFacts(run);
        this.settings = settings;
        this.pool = pool;
        this.points = new PointQueue(pool);
        this.log = log;
        this.wake = wake;
    }

    /** Goes on where a run left off. */
    void continueFrom(RunInfo info) {
        synchronized (guard) {
            known.continueFrom(info);
            keys.continueFrom(info.metrics());
        }
    }

    /** Adds a point at a step, or at the key's next one, that was measured now. */
    void add(String name, double value, long step, boolean atNextStep, long now) {
        MetricKey key = keys.get(name);
        synchronized (guard) {
            if (points.hasRoom() && !ended && lostBecause == null && failure == null) {
                put(key, atNextStep ? key.next() : step, now, value);
                return;
            }
        }
        addSlowly(key, value, step, atNextStep, now);
    }

    long nextStep(String name) {
        MetricKey key = keys.find(name);
        if (key == null) {
            return 0;
        }
        synchronized (guard) {
            return key.next();
        }
    }

    /** Adds a fact; of several buffers of one run, one checks whether it contradicts what was recorded. */
    void add(RunFact fact, boolean checking) {
        requireNonNull(fact, "fact");
        if (factsFull()) {
            wake.run();
        }
        Deadline deadline = null;
        String dropped = null;
        boolean added = false;
        while (!added) {
            synchronized (guard) {
                if (deadline == null) {
                    checkOpen();
                    checkFailure();
                }
                if (goesOnWithFacts()) {
                    dropped = lostBecause == null && facts.isFull() ? refused() : lostBecause;
                    accept(fact, dropped, checking);
                    added = true;
                }
            }
            if (!added) {
                deadline = deadline == null ? Deadline.in(settings.waitWhenFull()) : deadline;
                awaitRoomForFacts(deadline);
            }
        }
        if (dropped != null) {
            log.dropped(dropped, run);
        }
    }

    private void accept(RunFact fact, @Nullable String dropped, boolean checking) {
        if (checking) {
            known.add(fact);
        }
        account.accept();
        if (dropped == null) {
            facts.add(fact);
        } else {
            account.drop(dropped, 1);
        }
    }

    /** Adds what was found out without the program: it never waits, and is not in the account, which is the program's. */
    void observe(RunFact fact) {
        synchronized (guard) {
            if (!ended && lostBecause == null) {
                facts.addUncounted(fact);
            }
        }
    }

    /** Waits until the store has taken facts, unless somebody waited in vain since it took some last. */
    private void awaitRoomForFacts(Deadline deadline) {
        if (!factsTaken.await(this::goesOnWithFacts, deadline, Interrupts.PUT_OFF)) {
            waitNoMore();
        }
    }

    /** Whether whoever adds a fact need not wait, be it since there is no use. */
    private boolean goesOnWithFacts() {
        synchronized (guard) {
            return !facts.isFull() || lostBecause != null || ended || factsStuck;
        }
    }

    /** Ends the wait for facts to be taken. */
    void waitNoMore() {
        synchronized (guard) {
            factsStuck = true;
        }
        factsTaken.changed();
    }

    /** Adds a point for which there was no room at once: takes another chunk, waits for one, or drops the point. */
    private void addSlowly(MetricKey key, double value, long step, boolean atNextStep, long now) {
        // A number, since a recording call leaves no garbage even where it waits.
        long deadline = Deadline.in(settings.waitWhenFull()).nanoTime();
        boolean mayWait = true;
        boolean added = false;
        String dropped = null;
        while (!added && dropped == null) {
            synchronized (guard) {
                checkOpen();
                checkFailure();
                if (lostBecause == null && points.makeRoom()) {
                    put(key, atNextStep ? key.next() : step, now, value);
                    added = true;
                } else if (lostBecause != null || !mayWait) {
                    dropped = lostBecause == null ? refused() : lostBecause;
                    account.accept();
                    account.drop(dropped, 1);
                }
            }
            // Either a chunk is full now, or the store has to make room.
            wake.run();
            mayWait = added || dropped != null || pool.await(deadline);
        }
        if (dropped != null) {
            log.dropped(dropped, run);
        }
    }

    private void put(MetricKey key, long step, long millis, double value) {
        points.add(key.index(), step, millis, value);
        key.used(step);
        account.accept();
    }

    private String refused() {
        if (settings.failures() == FailurePolicy.FAIL) {
            throw new BackendUnavailableException(
                    "the buffers of all runs are full, and the store took nothing for " + settings.waitWhenFull(),
                    false,
                    failure);
        }
        return FULL;
    }

    MetricKeys keys() {
        return keys;
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("run " + run + " has ended and records nothing more");
        }
    }

    private void checkFailure() {
        RuntimeException why = failure;
        if (why != null) {
            throw new BackendUnavailableException("run " + run + " cannot be stored: " + why.getMessage(), false, why);
        }
    }

    /** The points after those that were sent; only what fills chunks unless everything is asked for. */
    List<PointQueue.Slice> unsent(long sent, boolean everything) {
        synchronized (guard) {
            return points.after(sent, everything);
        }
    }

    FactQueue.Taken takeFacts() {
        FactQueue.Taken taken;
        synchronized (guard) {
            factsStuck = false;
            taken = facts.take();
        }
        factsTaken.changed();
        return taken;
    }

    void giveBack(FactQueue.Taken taken) {
        synchronized (guard) {
            facts.giveBack(taken);
        }
    }

    boolean factsFull() {
        synchronized (guard) {
            return facts.isFull();
        }
    }

    boolean hasFacts() {
        synchronized (guard) {
            return !facts.isEmpty();
        }
    }

    void delivered(long count) {
        synchronized (guard) {
            if (!abandoned) {
                account.deliver(count);
            }
        }
    }

    /** Everything delivered is durable, the first {@code durablePoints} among it. */
    void settled(long durablePoints, long factsDelivered, long factsInConflict) {
        synchronized (guard) {
            // A store that answers after it was given up changes nothing: what was counted as lost stays so.
            if (!abandoned) {
                account.drop("conflict", factsInConflict);
                account.deliver(factsDelivered);
                account.makeDurable();
                points.release(durablePoints);
            }
        }
    }

    /** The store works again. */
    void recovered() {
        failure = null;
    }

    /** The store knows another value of something recorded here; the caller hears of it at the next flush or end. */
    void contradicted(ConflictException why) {
        contradiction = why;
    }

    /** What was contradicted since this was asked last. */
    @Nullable
    ConflictException takeContradiction() {
        ConflictException why = contradiction;
        contradiction = null;
        return why;
    }

    /** The store failed; under FAIL the next recording call says so. */
    void failed(RuntimeException why) {
        synchronized (guard) {
            account.rewind();
        }
        if (settings.failures() == FailurePolicy.FAIL) {
            failure = why;
        }
    }

    /** Gives up: what is pending is lost, and so is what comes. Returns how much was pending. */
    long abandon(String reason) {
        long pending;
        synchronized (guard) {
            abandoned = true;
            account.rewind();
            pending = account.pending();
            account.drop(reason, pending);
            lostBecause = reason;
            facts.clear();
            points.clear();
        }
        factsTaken.changed();
        return pending;
    }

    /** Takes nothing more, but counts it as lost for this reason. */
    void refuseMore(String reason) {
        synchronized (guard) {
            lostBecause = reason;
        }
    }

    /** Refuses further records as a bug from now on. Returns false if that was so already. */
    boolean end() {
        synchronized (guard) {
            boolean first = !ended;
            ended = true;
            return first;
        }
    }

    boolean ended() {
        synchronized (guard) {
            return ended;
        }
    }

    /** Whether everything recorded is durable or was dropped and counted; never once the run is given up. */
    boolean settled() {
        synchronized (guard) {
            return !abandoned && account.allDurable() && facts.isEmpty();
        }
    }

    /** Whether something was lost since this was asked last; always once the run is given up. */
    boolean takeLoss() {
        synchronized (guard) {
            long lost = account.dropped();
            boolean more = lost > lossTold;
            lossTold = lost;
            return more || abandoned;
        }
    }

    /** Adds this run's account to a sum. */
    void addTo(DeliveryCounter sum) {
        synchronized (guard) {
            sum.add(account);
        }
    }
}
