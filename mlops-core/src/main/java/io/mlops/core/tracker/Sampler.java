package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.tracker.Run;
import io.mlops.core.delivery.DaemonThread;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what the process uses as metrics of every open run, each at its own next step. One thread, which is there while
 * a run is open. Thread-safe.
 */
final class Sampler {
    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    /** A thread that was told to end gets a moment more than there is, but never a deadline of its own. */
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final @Nullable Duration period;
    private final Supplier<Map<String, Double>> readings;
    private final Signal ended = new Signal();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock, as all below. */
    private final Set<Run> open = new LinkedHashSet<>();

    private @Nullable DaemonThread thread;
    private boolean closed;

    /** Samples this often; never if null. */
    Sampler(@Nullable Duration period, Supplier<Map<String, Double>> readings) {
        this.period = period;
        this.readings = readings;
    }

    void begin(Run run) {
        Duration every = period;
        if (every == null) {
            return;
        }
        lock.lock();
        try {
            if (!closed) {
                open.add(run);
                if (thread == null) {
                    thread = DaemonThread.start("sampling", () -> loop(every));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void end(Run run) {
        lock.lock();
        try {
            open.remove(run);
        } finally {
            lock.unlock();
        }
        ended.changed();
    }

    /** Samples nothing more, and tells the thread to end. */
    void stop() {
        lock.lock();
        try {
            closed = true;
            open.clear();
        } finally {
            lock.unlock();
        }
        ended.changed();
    }

    /** Waits for the thread to end, after it was told to; it may hang in the readings for ever. */
    void join(Deadline deadline) {
        DaemonThread running;
        lock.lock();
        try {
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            boolean unused = running.awaitEnd(deadline.atLeast(MOMENT), Interrupts.END_THE_WAIT);
        }
    }

    private void loop(Duration every) {
        for (List<Run> runs = next(every); !runs.isEmpty(); runs = next(every)) {
            try {
                Map<String, Double> values = readings.get();
                for (Run run : runs) {
                    values.forEach((key, value) -> record(run, key, value));
                }
            } catch (RuntimeException | Error e) {
                LOG.debug("nothing is sampled this time", e);
            }
        }
    }

    /** Waits for the next time; no runs if there are none left, and the thread is to end. */
    private List<Run> next(Duration every) {
        boolean unused = ended.await(this::noneIsOpen, Deadline.in(every), Interrupts.PUT_OFF);
        // Nobody who knows this thread interrupts it, and the readings are not to suffer from others.
        unused = Thread.interrupted();
        lock.lock();
        try {
            if (open.isEmpty()) {
                thread = null;
            }
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }

    /** A sample that a run does not take is none of the program's problems, and one that comes too late is not counted. */
    private void record(Run run, String key, double value) {
        if (!isOpen(run)) {
            return;
        }
        try {
            run.metric(key, value);
        } catch (IllegalStateException | IllegalArgumentException | BackendUnavailableException e) {
            LOG.debug("a sample of {} is not recorded", key, e);
        }
    }

    private boolean noneIsOpen() {
        lock.lock();
        try {
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOpen(Run run) {
        lock.lock();
        try {
            return open.contains(run);
        } finally {
            lock.unlock();
        }
    }
}
