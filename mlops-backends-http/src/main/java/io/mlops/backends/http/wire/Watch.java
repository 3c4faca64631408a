package io.mlops.backends.http.wire;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls whose time is over, or whose thread was interrupted: a thread that waits for a socket notices neither. Its own
 * thread lives while there are calls, and a few seconds longer. Thread-safe.
 */
final class Watch implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;
    private static final long KEEP_SECONDS = 5;

    private final ScheduledThreadPoolExecutor timer;
    private final LongSupplier nanos;
    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();

    Watch(LongSupplier nanos) {
        this.nanos = nanos;
        timer = new ScheduledThreadPoolExecutor(1, body -> {
            Thread thread = new Thread(null, body, "mlops-http-watch", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(KEEP_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /**
     * Watches over a call until it is closed.
     *
     * @throws IllegalStateException if the watch is over
     */
    Guard over(Runnable cancel, long end) {
        Guard guard = new Guard(cancel, end);
        try {
            guard.looking = timer.scheduleWithFixedDelay(guard::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException over) {
            throw new IllegalStateException("the connections have been closed", over);
        }
        guards.add(guard);
        return guard;
    }

    /** Ends all calls, downloads that are being read among them. */
    @Override
    public void close() {
        timer.shutdownNow();
        guards.forEach(guard -> guard.cancel.run());
    }

    /** One call that is watched. */
    final class Guard implements AutoCloseable {
        private final Runnable cancel;
        /** Moved only by the thread that waits. */
        private volatile long end;
        /** The thread that waits for the network now; null while none does. Written by it alone. */
        private volatile @Nullable Thread waiting = Thread.currentThread();

        private volatile boolean late;
        private volatile boolean interrupted;
        /** Set before the guard is handed out, and never again. */
        private volatile @Nullable Future<?> looking;

        private Guard(Runnable cancel, long end) {
            this.cancel = cancel;
            this.end = end;
        }

        /** The thread that calls waits for the network from now on. */
        void enter() {
            waiting = Thread.currentThread();
        }

        /** No thread waits for the network. */
        void leave() {
            waiting = null;
        }

        /** Gives the call until another moment. */
        void until(long moment) {
            end = moment;
        }

        /** Whether the call was ended because its time was over. */
        boolean late() {
            return late;
        }

        /** Whether the call was ended because its thread was interrupted. */
        boolean interrupted() {
            return interrupted;
        }

        private void look() {
            Thread thread = waiting;
            interrupted |= thread != null && thread.isInterrupted();
            late |= nanos.getAsLong() - end > 0;
            if (interrupted || late) {
                cancel.run();
                if (thread == null) {
                    // A download that nobody closes.
                    close();
                }
            }
        }

        @Override
        public void close() {
            guards.remove(this);
            Future<?> task = looking;
            if (task != null) {
                task.cancel(false);
            }
        }
    }
}
