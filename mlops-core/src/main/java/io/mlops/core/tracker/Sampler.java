package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.tracker.Run;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final @Nullable Duration period;
    private final Supplier<Map<String, Double>> readings;
    private final Object lock = new Object();
    private final Set<Run> open = new LinkedHashSet<>();
    private @Nullable Thread thread;
    private boolean closed;

    Sampler(SelfRecording settings) {
        this.period = settings.sampleEvery();
        this.readings = settings.readings();
    }

    void begin(Run run) {
        if (period == null) {
            return;
        }
        synchronized (lock) {
            if (!closed) {
                open.add(run);
                if (thread == null) {
                    thread = startThread(period);
                }
            }
        }
    }

    void end(Run run) {
        synchronized (lock) {
            if (open.remove(run)) {
                lock.notifyAll();
            }
        }
    }

    /** Samples nothing more, and tells the thread to end. */
    void stop() {
        synchronized (lock) {
            closed = true;
            open.clear();
            lock.notifyAll();
        }
    }

    /** Waits for the thread to end, after it was told to; it may hang in the readings for ever. */
    void join(long deadline) {
        Thread running;
        synchronized (lock) {
            running = thread;
        }
        Deadline.join(running, deadline);
    }

    private Thread startThread(Duration every) {
        Thread starting = new Thread(() -> loop(Deadline.nanos(every)));
        starting.setName("mlops-sampling-" + starting.getId());
        starting.setDaemon(true);
        starting.setContextClassLoader(null);
        starting.start();
        return starting;
    }

    private void loop(long every) {
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
    private List<Run> next(long every) {
        long wakeAt = System.nanoTime() + every;
        synchronized (lock) {
            long left = every;
            while (!open.isEmpty() && left > 0) {
                try {
                    lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                } catch (InterruptedException e) {
                    // Nobody who knows this thread interrupts it.
                    LOG.debug("interrupted");
                }
                left = wakeAt - System.nanoTime();
            }
            if (open.isEmpty()) {
                thread = null;
            }
            return List.copyOf(open);
        }
    }

    /** A sample that a run does not take is none of the program's problems, and one that comes too late is no loss. */
    private void record(Run run, String key, double value) {
        synchronized (lock) {
            if (!open.contains(run)) {
                return;
            }
        }
        try {
            run.metric(key, value);
        } catch (IllegalStateException | IllegalArgumentException | BackendUnavailableException e) {
            LOG.debug("a sample of {} is not recorded", key, e);
        }
    }
}
