package io.mlops.core.tracker;

import org.jspecify.annotations.Nullable;

/** Does something when the JVM ends by SIGTERM, {@code System.exit} or its last thread; not after a kill. Thread-safe. */
final class ExitHook {
    private final Runnable atExit;
    private @Nullable Thread hook;

    ExitHook(Runnable atExit) {
        this.atExit = atExit;
    }

    /** From now on; too late, and no harm, if the JVM is ending already. */
    synchronized void set() {
        if (hook == null) {
            Thread thread = new Thread(atExit, "mlops-exit");
            try {
                Runtime.getRuntime().addShutdownHook(thread);
                hook = thread;
            } catch (IllegalStateException ending) {
                hook = null;
            }
        }
    }

    /** No more; a hook that stayed would keep everything that it knows in memory. */
    synchronized void remove() {
        Thread thread = hook;
        hook = null;
        if (thread != null) {
            try {
                boolean unused = Runtime.getRuntime().removeShutdownHook(thread);
            } catch (IllegalStateException ending) {
                // It is running, or about to: it finds everything closed.
                return;
            }
        }
    }
}
