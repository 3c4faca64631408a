package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.delivery.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run recorded in two places. What a caller records gets its step and its time here, once, and is with both or with none
 * when the run ends. Thread-safe.
 */
final class TeeRun implements Run {
    private final RecordedRun first;
    private final RecordedRun second;
    private final SecondPlace place;
    private final MlopsConfig config;
    private final ClampedClock clock;
    private final RunArtifacts artifacts;
    private final RecordingTracker tracker;
    private final Consumer<TeeRun> whenEnding;
    private final Consumer<TeeRun> whenEnded;
    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    /** Held while facts are handed over, so that both places get them in one order, and while the run ends. */
    private final ReentrantLock order = new ReentrantLock();

    /** Guarded by {@link #order}. */
    private boolean stopped;

    /** The steps of a metric in both places, and the lock that is held while a point is handed over, which may wait. */
    private static final class Key {
        private final ReentrantLock lock = new ReentrantLock();
        /** Guarded by the lock. */
        private final MetricKey steps = new MetricKey(0);
        /** Guarded by the lock. */
        private boolean stopped;
    }

    TeeRun(
            RecordedRun first,
            RecordedRun second,
            SecondPlace place,
            MlopsConfig config,
            RunArtifacts artifacts,
            RecordingTracker tracker,
            Consumer<TeeRun> whenEnding,
            Consumer<TeeRun> whenEnded) {
        this.first = first;
        this.second = second;
        this.place = place;
        this.config = config;
        this.clock = new ClampedClock(config.program().clock());
        this.artifacts = artifacts;
        this.tracker = tracker;
        this.whenEnding = whenEnding;
        this.whenEnded = whenEnded;
    }

    @Override
    public RunId id() {
        return first.id();
    }

    @Override
    public void metric(String name, double value, long step) {
        add(name, value, step, false);
    }

    @Override
    public void metric(String name, double value) {
        add(name, value, 0, true);
    }

    private void add(String name, double value, long step, boolean atNextStep) {
        Key key = keys.get(requireNonNull(name, "the key of the metric is null: give one"));
        if (key == null) {
            key = newKey(name);
        }
        key.lock.lock();
        try {
            if (!key.stopped) {
                hand(key, name, value, atNextStep ? key.steps.next() : step);
                return;
            }
        } finally {
            key.lock.unlock();
        }
        // Both have ended, or are about to, and say so.
        order.lock();
        try {
            hand(key, name, value, step);
        } finally {
            order.unlock();
        }
    }

    private void hand(Key key, String name, double value, long step) {
        key.steps.used(step);
        long now = clock.millis();
        BackendUnavailableException failure = null;
        try {
            first.buffer().add(name, value, step, false, now);
        } catch (BackendUnavailableException e) {
            failure = e;
        }
        try {
            second.buffer().add(name, value, step, false, now);
        } catch (RuntimeException e) {
            throw joined(failure, e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The greater of the next steps counts, since one place may have missed what the other has. */
    private Key newKey(String name) {
        order.lock();
        try {
            Key known = keys.get(name);
            if (known != null) {
                return known;
            }
            // Too many keys in one place are too many in both.
            MetricKey unused = first.buffer().keys().get(name);
            unused = second.buffer().keys().get(name);
            Key key = new Key();
            key.stopped = stopped;
            long next = nextStep(name);
            if (next != 0) {
                key.steps.used(next - 1);
            }
            keys.put(name, key);
            return key;
        } finally {
            order.unlock();
        }
    }

    @Override
    public long nextStep(String name) {
        Key key = keys.get(requireNonNull(name, "the key of the metric is null: give one"));
        if (key == null) {
            return Math.max(first.nextStep(name), second.nextStep(name));
        }
        key.lock.lock();
        try {
            return key.steps.next();
        } finally {
            key.lock.unlock();
        }
    }

    /** The first place decides whether a fact contradicts another; what the second one has against it is its own loss. */
    @Override
    public void record(RunFact fact) {
        requireNonNull(fact, "fact");
        order.lock();
        try {
            BackendUnavailableException failure = null;
            try {
                first.buffer().add(fact, true);
            } catch (BackendUnavailableException e) {
                failure = e;
            }
            try {
                second.buffer().add(fact, false);
            } catch (RuntimeException e) {
                throw joined(failure, e);
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            order.unlock();
        }
    }

    @Override
    public Run child(String name) {
        return tracker.startChild(first.childSpec(name));
    }

    @Override
    public RunArtifacts artifacts() {
        return artifacts;
    }

    @Override
    public boolean flush(Duration within) {
        Deadline deadline = Deadline.in(within);
        Ticket inFirst = first.askFlush();
        Ticket inSecond = second.askFlush();
        boolean[] done = new boolean[2];
        inBoth(
                deadline,
                limit -> done[0] = first.awaitFlush(inFirst, limit),
                limit -> done[1] = second.awaitFlush(inSecond, limit));
        return done[0] && done[1];
    }

    @Override
    public void end(RunOutcome outcome) {
        requireNonNull(outcome, "outcome");
        Deadline deadline = Deadline.in(config.closeWithin());
        Instant now = clock.instant();
        Deadline prepared = Deadline.in(config.closeWithin().dividedBy(2));
        whenEnding.accept(this);
        first.prepareEnd(outcome, now, prepared);
        second.prepareEnd(outcome, now, prepared);
        Ticket inFirst;
        Ticket inSecond;
        order.lock();
        try {
            stopPoints();
            inFirst = first.askEnd(outcome, now);
            inSecond = second.askEnd(outcome, now);
        } finally {
            order.unlock();
        }
        whenEnded.accept(this);
        if (inFirst != null && inSecond != null) {
            inBoth(
                    deadline,
                    limit -> first.awaitEnd(inFirst, limit),
                    limit -> place.patiently(limit, until -> second.awaitEnd(inSecond, until)));
        }
    }

    @Override
    public void close() {
        end(RecordedRun.CLOSED);
    }

    @Override
    public String toString() {
        return first + " in two stores";
    }

    /** Counts what comes from now on as lost in both places. */
    void dropMore(String reason) {
        order.lock();
        try {
            stopPoints();
            first.buffer().dropMore(reason);
            second.buffer().dropMore(reason);
        } finally {
            order.unlock();
        }
    }

    /** After this no point is on its way to one of the places only. */
    private void stopPoints() {
        stopped = true;
        for (Key key : keys.values()) {
            key.lock.lock();
            try {
                key.stopped = true;
            } finally {
                key.lock.unlock();
            }
        }
    }

    /** Waits for both until the same moment, since both were asked at once. */
    private static void inBoth(Deadline deadline, Consumer<Deadline> awaitFirst, Consumer<Deadline> awaitSecond) {
        RuntimeException failure = caught(deadline, awaitFirst);
        RuntimeException another = caught(deadline, awaitSecond);
        if (another != null) {
            throw joined(failure, another);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Makes one failure of two: that of the first place, if there is one, tells of the second. */
    private static RuntimeException joined(@Nullable RuntimeException inFirst, RuntimeException inSecond) {
        if (inFirst == null) {
            return inSecond;
        }
        inFirst.addSuppressed(inSecond);
        return inFirst;
    }

    private static @Nullable RuntimeException caught(Deadline deadline, Consumer<Deadline> await) {
        try {
            await.accept(deadline);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }
}
