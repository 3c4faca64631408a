package io.mlops.core.delivery;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends what is recorded when the JVM ends by SIGTERM, {@code System.exit} or its last thread; not after a kill. The JVM runs
 * all hooks at once: while another may still close everything in order, this one waits for it. Thread-safe.
 */
public final class ExitHook {
    private static final String NAME = "mlops-exit";
    private static final long MAIN = 1;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    /** The time for a main thread that was only told to stop: no hook waits for it. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final @Nullable Duration patience;
    private final Runnable atExit;
    private final Signal orderly = new Signal();
    /** Written by whoever begins to close everything. */
    private volatile boolean closing;

    private final ReentrantLock lock = new ReentrantLock();
    /** Asks for what was recorded to be stored; guarded by the lock, as what follows. */
    private final Set<Runnable> flushes = new LinkedHashSet<>();
    /** The thread that the JVM has. */
    private @Nullable Thread hook;

    /**
     * A hook that is not set yet.
     *
     * @param patience how long another may take to close everything; if null there is no hook at all
     * @param atExit closes everything that nobody else has closed
     */
    public ExitHook(@Nullable Duration patience, Runnable atExit) {
        this.patience = patience;
        this.atExit = atExit;
    }

    /** Sets it, unless it is set; too late, and no harm, if the JVM is ending already. It begins with this flush. */
    public void set(Runnable flush) {
        Duration longest = patience;
        if (longest == null) {
            return;
        }
        lock.lock();
        try {
            flushes.add(flush);
            if (hook == null && !closing) {
                // Without the locals of the thread that records first, which may be an application's.
                Thread thread = new Thread(null, () -> run(longest), NAME, 0, false);
                thread.setContextClassLoader(null);
                Runtime.getRuntime().addShutdownHook(thread);
                hook = thread;
            }
        } catch (IllegalStateException ending) {
            hook = null;
        } finally {
            lock.unlock();
        }
    }

    /** Says that somebody closes everything now, for which the hook need not wait any longer. */
    public void closing() {
        closing = true;
        orderly.changed();
    }

    /** Takes it back; a hook that stayed would keep everything that it knows in memory. */
    public void remove() {
        lock.lock();
        try {
            Thread thread = hook;
            hook = null;
            flushes.clear();
            if (thread != null) {
                boolean unused = Runtime.getRuntime().removeShutdownHook(thread);
            }
        } catch (IllegalStateException ending) {
            // It is running, or about to: it finds everything closed.
            hook = null;
        } finally {
            lock.unlock();
        }
    }

    private void run(Duration longest) {
        List<Runnable> all;
        lock.lock();
        try {
            all = List.copyOf(flushes);
        } finally {
            lock.unlock();
        }
        all.forEach(Runnable::run);
        Deadline deadline = Deadline.in(longest);
        Deadline lastWords = Deadline.in(LAST_WORDS);
        Others others = Others.now();
        while (others.mayClose(lastWords)
                && !orderly.await(() -> closing, Deadline.in(LOOK_AGAIN).orEarlier(deadline), Interrupts.PUT_OFF)
                && !deadline.passed()) {
            others = Others.now();
            lastWords = others == Others.STOPPING ? Deadline.in(LAST_WORDS) : lastWords;
        }
        atExit.run();
    }

    /** The other threads of the program at its end, as far as they may still close something. */
    private enum Others {
        /** Some thread may be another hook, and stop the program in order. */
        STOPPING,
        /** Only the main thread, and workers that wait for work, are left. */
        WORKING,
        /** All have ended, or wait for the end of the JVM. */
        GONE;

        boolean mayClose(Deadline lastWords) {
            return this == STOPPING || (this == WORKING && !lastWords.passed());
        }

        static Others now() {
            Others found = GONE;
            for (Map.Entry<Thread, StackTraceElement[]> thread :
                    Thread.getAllStackTraces().entrySet()) {
                if (counts(thread.getKey()) && !endsTheProgram(thread.getValue())) {
                    boolean works = thread.getKey().getId() == MAIN
                            || thread.getKey() instanceof ForkJoinWorkerThread
                            || isIn(thread.getValue(), "java.util.concurrent.ThreadPoolExecutor$Worker");
                    if (!works) {
                        return STOPPING;
                    }
                    found = WORKING;
                }
            }
            return found;
        }

        private static boolean counts(Thread thread) {
            ThreadGroup group = thread.getThreadGroup();
            return !thread.isDaemon()
                    && !thread.getName().equals(NAME)
                    && group != null
                    && !group.getName().equals("system");
        }

        /** Whether a thread has called for the end, or was the last. */
        private static boolean endsTheProgram(StackTraceElement[] stack) {
            return stack.length == 0 || isIn(stack, "java.lang.Shutdown");
        }

        private static boolean isIn(StackTraceElement[] stack, String className) {
            for (StackTraceElement frame : stack) {
                if (frame.getClassName().equals(className)) {
                    return true;
                }
            }
            return false;
        }
    }
}
