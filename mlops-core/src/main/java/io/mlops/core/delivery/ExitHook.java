package io.mlops.core.delivery;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Does something when the JVM ends by SIGTERM, {@code System.exit} or its last thread; not after a kill. Thread-safe. */
public final class ExitHook {
    private final Runnable atExit;
    private final ReentrantLock lock = new ReentrantLock();
    /** The thread that the JVM has; guarded by the lock. */
    private @Nullable Thread hook;

    /** A hook that is not set yet. */
    public ExitHook(Runnable atExit) {
        this.atExit = atExit;
    }

    /** Sets it, unless it is set; too late, and no harm, if the JVM is ending already. */
    public void set() {
        lock.lock();
        try {
            if (hook == null) {
                Thread thread = new Thread(atExit, "mlops-exit");
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

    /** Takes it back; a hook that stayed would keep everything that it knows in memory. */
    public void remove() {
        lock.lock();
        try {
            Thread thread = hook;
            hook = null;
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
}
