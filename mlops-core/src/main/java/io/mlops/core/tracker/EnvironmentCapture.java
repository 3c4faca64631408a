package io.mlops.core.tracker;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunFact;
import io.mlops.core.delivery.DaemonThread;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every run its environment. It is found out once, on a thread of its own that ends with it; runs that begin meanwhile
 * are told later, and their ends wait for it as long as an end may take. Thread-safe.
 */
final class EnvironmentCapture {
    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentCapture.class);

    /** A thread that was told to end gets a moment more than there is, but never a deadline of its own. */
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final EnvironmentSources.@Nullable Collector collector;
    private final AtomicBoolean lateTold = new AtomicBoolean();
    private final Signal told = new Signal();
    private final ReentrantLock lock = new ReentrantLock();
    /** Runs that are not told yet; guarded by the lock, as all below. */
    private final Set<RunBuffer> waiting = new LinkedHashSet<>();

    private @Nullable DaemonThread thread;
    private @Nullable RunFact found;
    private boolean over;

    /** A capture that tells nothing if there is no collector. */
    EnvironmentCapture(EnvironmentSources.@Nullable Collector collector) {
        this.collector = collector;
    }

    /** Tells a run its environment now, or as soon as it is known. */
    void begin(RunBuffer run) {
        EnvironmentSources.Collector from = collector;
        if (from == null) {
            return;
        }
        lock.lock();
        try {
            if (found != null) {
                run.addUncounted(found);
            } else if (!over) {
                waiting.add(run);
                if (thread == null) {
                    // The thread itself has no loader: this one is a value, of which nothing stays when it has ended.
                    ClassLoader loader = Thread.currentThread().getContextClassLoader();
                    thread = DaemonThread.start("environment", () -> collect(from, loader));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a run was told; if the time is up, it ends without its environment. An interrupt is put off. */
    void await(RunId id, RunBuffer run, Deadline deadline) {
        boolean late = !told.await(() -> !waits(run), deadline, Interrupts.PUT_OFF);
        if (late && stopsWaiting(run) && lateTold.compareAndSet(false, true)) {
            LOG.warn("run {} ends without its environment, which could not be found out in time", id);
        }
    }

    private boolean waits(RunBuffer run) {
        lock.lock();
        try {
            return waiting.contains(run);
        } finally {
            lock.unlock();
        }
    }

    private boolean stopsWaiting(RunBuffer run) {
        lock.lock();
        try {
            return waiting.remove(run);
        } finally {
            lock.unlock();
        }
    }

    /** Tells nobody any more, and tells the thread to end. */
    void stop() {
        lock.lock();
        try {
            over = true;
            waiting.clear();
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        told.changed();
    }

    /** Waits for the thread to end, after it was told to. */
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

    private void collect(EnvironmentSources.Collector from, @Nullable ClassLoader loader) {
        RunFact fact = null;
        try {
            fact = new RunFact.RanIn(from.collect(loader));
        } catch (RuntimeException | Error e) {
            // Out of memory, say: the program goes on, and so do its runs.
            LOG.warn("the environment of the runs could not be found out", e);
        }
        lock.lock();
        try {
            if (!over) {
                over = true;
                found = fact;
                if (fact != null) {
                    for (RunBuffer run : waiting) {
                        run.addUncounted(fact);
                    }
                }
            }
            waiting.clear();
            thread = null;
        } finally {
            lock.unlock();
        }
        told.changed();
    }
}
