package io.mlops.backends.http.run;

import io.mlops.backends.http.server.ServerRun;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What this process knows of a run that it records, so that it need not ask before it sends. Thread-safe. */
final class KnownRun {
    /** How long a run that was read counts as unchanged by others where that matters. */
    private static final long BELIEVED_NANOS = Duration.ofSeconds(5).toNanos();

    private final LongSupplier nanos;
    /** Held by whoever makes or changes the run, one at a time. */
    private final ReentrantLock changing = new ReentrantLock();
    /** The run as it was read or changed last; null if that is not known. Of the holder of the lock. */
    private @Nullable ServerRun state;
    /** Of the holder of the lock. */
    private long stateNanos;
    /** Whether this process made the run, so that nobody had written points before. */
    private volatile boolean madeHere;

    /** Whether something was refused last, be it for what it was or for who sent it. */
    private volatile boolean refused;

    private final Map<String, Writer> writers = new ConcurrentHashMap<>();
    private final LatestPoints latest = new LatestPoints();

    KnownRun(LongSupplier nanos) {
        this.nanos = nanos;
    }

    ReentrantLock changing() {
        return changing;
    }

    /** The run as far as it is known, by the holder of the lock. */
    @Nullable
    ServerRun state() {
        return state;
    }

    /** Whether others can hardly have changed the run since it was read. */
    boolean isFresh() {
        return state != null && nanos.getAsLong() - stateNanos < BELIEVED_NANOS;
    }

    /** Remembers the run as it was just read. */
    void read(ServerRun run) {
        state = run;
        stateNanos = nanos.getAsLong();
    }

    /** Remembers what a change made of the run; how long ago it was read stays. */
    void changed(ServerRun run) {
        state = run;
    }

    /** Forgets the run after a change of which nobody knows what it did. */
    void forget() {
        state = null;
    }

    /** Remembers that this process made the run. */
    void made(ServerRun run) {
        read(run);
        madeHere = true;
    }

    boolean wasRefused() {
        return refused;
    }

    void refused(boolean now) {
        refused = now;
    }

    Writer writer(String name) {
        return writers.computeIfAbsent(name, unused -> new Writer(madeHere));
    }

    LatestPoints latest() {
        return latest;
    }

    /** One that appends points, one batch at a time. */
    static final class Writer {
        private static final long UNKNOWN = -1;

        private final ReentrantLock lock = new ReentrantLock();
        /** The number of its points that the server has; of the holder of the lock. */
        private long sent;

        private Writer(boolean first) {
            sent = first ? 0 : UNKNOWN;
        }

        ReentrantLock lock() {
            return lock;
        }

        boolean isKnown() {
            return sent != UNKNOWN;
        }

        long sent() {
            return sent;
        }

        void sent(long points) {
            sent = points;
        }

        void forget() {
            sent = UNKNOWN;
        }
    }
}
