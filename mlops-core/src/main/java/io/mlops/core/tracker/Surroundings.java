package io.mlops.core.tracker;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunFact;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every run what it runs in. That is found out once, on a thread of its own that ends with it; runs that begin
 * meanwhile are told later, and their ends wait for it as long as an end may take. Thread-safe.
 */
final class Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    private final SelfRecording.@Nullable Source source;
    private final Object lock = new Object();
    private final Set<RunBuffer> waiting = new LinkedHashSet<>();
    private final AtomicBoolean lateTold = new AtomicBoolean();
    private @Nullable Thread thread;
    private @Nullable RunFact found;
    private boolean over;

    /** Tells nothing if there is no source. */
    Surroundings(SelfRecording.@Nullable Source source) {
        this.source = source;
    }

    /** Tells a run now, or as soon as it is known. */
    void begin(RunBuffer run) {
        if (source == null) {
            return;
        }
        synchronized (lock) {
            if (found != null) {
                run.observe(found);
            } else if (!over) {
                waiting.add(run);
                if (thread == null) {
                    thread = startThread(source, Thread.currentThread().getContextClassLoader());
                }
            }
        }
    }

    /** Waits until a run was told, or the time is up: then it ends without. An interrupt is put off. */
    void await(RunId id, RunBuffer run, long deadline) {
        boolean interrupted = false;
        boolean late;
        synchronized (lock) {
            long left = deadline - System.nanoTime();
            while (waiting.contains(run) && left > 0) {
                try {
                    lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                left = deadline - System.nanoTime();
            }
            late = waiting.remove(run);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (late && lateTold.compareAndSet(false, true)) {
            LOG.warn("run {} ends without what it ran in: that could not be found out in time", id);
        }
    }

    /** Lets nobody wait any more, and tells the thread to end. */
    void stop() {
        synchronized (lock) {
            over = true;
            waiting.clear();
            lock.notifyAll();
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** Waits for the thread to end, after it was told to. */
    void join(long deadline) {
        Thread running;
        synchronized (lock) {
            running = thread;
        }
        Deadline.join(running, deadline);
    }

    private Thread startThread(SelfRecording.Source looking, @Nullable ClassLoader loader) {
        Thread starting = new Thread(() -> look(looking, loader));
        starting.setName("mlops-environment-" + starting.getId());
        starting.setDaemon(true);
        starting.setContextClassLoader(null);
        starting.start();
        return starting;
    }

    private void look(SelfRecording.Source looking, @Nullable ClassLoader loader) {
        RunFact fact = null;
        try {
            fact = new RunFact.RanIn(looking.collect(loader));
        } catch (RuntimeException | Error e) {
            // Out of memory, say: the program goes on, and so do its runs.
            LOG.warn("what runs run in could not be found out", e);
        }
        synchronized (lock) {
            if (!over) {
                over = true;
                found = fact;
                if (fact != null) {
                    for (RunBuffer run : waiting) {
                        run.observe(fact);
                    }
                }
            }
            waiting.clear();
            thread = null;
            lock.notifyAll();
        }
    }
}
