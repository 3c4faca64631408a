package io.mlops.core.delivery;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread of this library: a daemon, named for what it does, and without the context class loader and the thread locals of
 * whoever started it, which may be an application that is undeployed while the thread lives. Thread-safe.
 */
public final class DaemonThread {
    private static final Duration LAST_STEPS = Duration.ofMillis(200);
    private static final long LOOK_AGAIN_NANOS = 50_000;

    private final Thread thread;
    private final Signal ended = new Signal();
    /** Written by the thread itself, as the last it does. */
    private volatile boolean over;

    private DaemonThread(String what, Runnable body) {
        Runnable counted = () -> {
            try {
                body.run();
            } finally {
                over = true;
                ended.changed();
            }
        };
        thread = new Thread(null, counted, "mlops-" + what, 0, false);
        thread.setName("mlops-" + what + "-" + thread.getId());
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    /** Starts a thread that is named {@code mlops-<what>-<number>} and ends with the body. */
    public static DaemonThread start(String what, Runnable body) {
        DaemonThread started = new DaemonThread(what, body);
        started.thread.start();
        return started;
    }

    /** Whether it has not ended. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Interrupts what it does. */
    public void interrupt() {
        thread.interrupt();
    }

    /** Waits for its end; returns whether it has ended. */
    public boolean awaitEnd(Deadline deadline, Interrupts interrupts) {
        if (ended.await(() -> over, deadline, interrupts)) {
            // Thread.join would wait in a monitor, and only the last steps after the body are left.
            Deadline gone = Deadline.in(LAST_STEPS);
            boolean interrupted = Thread.interrupted();
            while (thread.isAlive() && !gone.passed()) {
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return !thread.isAlive();
    }
}
