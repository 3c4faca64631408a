package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.config.Recording;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.DeliveryCounter;
import io.mlops.core.delivery.Interrupts;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The points and facts that a run has recorded and the store does not have yet. The guard is a plain monitor, since a
 * queueing lock allocates when two threads meet; it is held for a look at fields only. Thread-safe.
 */
final class RunBuffer {
    private static final String FULL = Delivery.Reason.BUFFER_FULL.toString();

    private final RunId run;
    private final Recording settings;
    private final ChunkPool pool;
    private final DeliveryLog log;
    private final Runnable wake;
    private final MetricKeys keys;

    private final RunFailures failures = new RunFailures();

    private final Object guard = new Object();
    /** Guarded, as all below. */
    private final RunAccount account = new RunAccount();

    private final PointQueue points;
    private final FactQueue facts = new FactQueue();
    private final KnownFacts known;
    /** The reason for which everything that comes is dropped, if it is. */
    private @Nullable String dropsBecause;

    /** Whether somebody waited in vain for facts to be taken since some were taken last. */
    private boolean factsStuck;

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

    /** Fills in what an earlier part of the run has stored, so that this one goes on there. */
    void continueFrom(RunInfo info) {
        synchronized (guard) {
            known.continueFrom(info);
            keys.continueFrom(info.metrics());
        }
    }

    /** Adds a point that was measured now, at this step or at the key's next one. */
    void add(String name, double value, long step, boolean atNextStep, long now) {
        MetricKey key = keys.get(name);
        synchronized (guard) {
            if (points.hasRoom() && !ended && dropsBecause == null && !failures.any()) {
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
                    failures.check(run);
                }
                if (goesOnWithFacts()) {
                    dropped = dropsBecause == null && facts.isFull() ? refused() : dropsBecause;
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
            account.drop(dropped);
        }
    }

    /** Adds a fact that is not the program's, such as its environment: it never waits, and is not counted. */
    void addUncounted(RunFact fact) {
        synchronized (guard) {
            if (!ended && dropsBecause == null) {
                facts.addUncounted(fact);
            }
        }
    }

    /** Waits until the store has taken facts, unless somebody waited in vain since it took some last. */
    private void awaitRoomForFacts(Deadline deadline) {
        if (!pool.taken().await(this::goesOnWithFacts, deadline, Interrupts.PUT_OFF)) {
            waitNoMore();
        }
    }

    /** Whether an added fact need not wait for room, be it since none will come. */
    private boolean goesOnWithFacts() {
        synchronized (guard) {
            return !facts.isFull() || dropsBecause != null || ended || factsStuck;
        }
    }

    /** Ends the wait for facts to be taken. */
    void waitNoMore() {
        synchronized (guard) {
            factsStuck = true;
        }
        pool.taken().changed();
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
                failures.check(run);
                if (dropsBecause == null && points.makeRoom()) {
                    put(key, atNextStep ? key.next() : step, now, value);
                    added = true;
                } else if (dropsBecause != null || !mayWait) {
                    dropped = dropsBecause == null ? refused() : dropsBecause;
                    account.accept();
                    account.drop(dropped);
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
                    failures.latest());
        }
        return FULL;
    }

    RunId run() {
        return run;
    }

    MetricKeys keys() {
        return keys;
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("run " + run + " has ended and records nothing more");
        }
    }

    /** The points after those that were sent; only those in full chunks unless everything is asked for. */
    List<PointQueue.Slice> unsent(long sent, boolean everything) {
        synchronized (guard) {
            return points.after(sent, everything);
        }
    }

    /** Changes points that the store does not have, for the delivery thread; false if all was dropped meanwhile. */
    boolean edit(Consumer<PointQueue> edit) {
        synchronized (guard) {
            if (!account.closed()) {
                edit.accept(points);
            }
            return !account.closed();
        }
    }

    /** Drops points that the store refuses, in one chunk. */
    void refusePoints(PointChunk chunk, long from, long to) {
        boolean unused = edit(queue -> {
            queue.remove(chunk, from, to);
            account.refuse(to - from);
        });
    }

    /** Notes that the store refuses something, for the log and for whoever flushes or ends next under FAIL. */
    void refused(String what, RuntimeException why) {
        log.refused(run, what, why);
        failures.refused(run, what, why);
    }

    /** Takes in facts that the run begins with, but was made without, as if the program had recorded them first. */
    void begunWithout(List<RunFact> begun) {
        synchronized (guard) {
            begun.forEach(fact -> account.accept());
            facts.giveBack(new FactQueue.Taken(begun, begun.size(), false));
        }
    }

    FactQueue.Taken takeFacts() {
        FactQueue.Taken taken;
        boolean awaited;
        synchronized (guard) {
            // Whoever waits for a chunk is not woken for nothing.
            awaited = facts.isFull();
            factsStuck = false;
            taken = facts.take();
        }
        if (awaited) {
            pool.taken().changed();
        }
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
            account.deliver(count);
        }
    }

    /** Counts everything delivered as durable, and frees the first {@code durablePoints}. */
    void madeDurable(long durablePoints, FactQueue.Taken taken, LostFacts lost) {
        synchronized (guard) {
            if (!account.closed()) {
                account.makeDurable(taken.recorded(), lost);
                points.release(durablePoints);
            }
        }
        pool.taken().changed();
    }

    /** Counts the durable points that the store has found missing so far. */
    void missing(long lost) {
        synchronized (guard) {
            account.missing(lost);
        }
    }

    /** What the program has to hear of the store. */
    RunFailures failures() {
        return failures;
    }

    /** Makes what was not durable pending again, since the store failed; under FAIL the next recording call says so. */
    void failed(RuntimeException why) {
        synchronized (guard) {
            account.rewind();
        }
        if (settings.failures() == FailurePolicy.FAIL) {
            failures.failed(why);
        }
    }

    /** Drops what is pending, and everything that comes. Returns how much was pending. */
    long dropAll(String reason) {
        long pending;
        synchronized (guard) {
            pending = account.close(reason);
            dropsBecause = reason;
            facts.clear();
            points.clear();
        }
        pool.taken().changed();
        return pending;
    }

    /** Drops everything that comes from now on, and counts it. */
    void dropMore(String reason) {
        synchronized (guard) {
            dropsBecause = reason;
        }
        pool.taken().changed();
    }

    /** Refuses everything that comes from now on as a bug of the program. Returns false if that was so already. */
    boolean end() {
        boolean first;
        synchronized (guard) {
            first = !ended;
            ended = true;
        }
        pool.taken().changed();
        return first;
    }

    boolean ended() {
        synchronized (guard) {
            return ended;
        }
    }

    /** Whether everything recorded is durable or was dropped one by one; never once all was dropped. */
    boolean allDurable() {
        synchronized (guard) {
            return account.allDurable() && facts.isEmpty();
        }
    }

    /** Whether something was dropped since this was asked last; always once all was dropped. */
    boolean takeDropped() {
        synchronized (guard) {
            return account.takeDropped();
        }
    }

    /** Adds what this run has counted to a sum. */
    void addTo(DeliveryCounter sum) {
        synchronized (guard) {
            account.addTo(sum);
        }
    }
}
