package io.mlops.backends.http.run;

import io.mlops.api.common.RunId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** The runs that this process records, those that were used last. Thread-safe. */
final class KnownRuns {
    private static final int MAX_KNOWN = 1000;

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private final Map<RunId, KnownRun> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, KnownRun> eldest) {
            // One that is in use is only known less well afterwards, and is asked for again.
            return size() > MAX_KNOWN;
        }
    };

    KnownRuns(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What is known of a run, which may be nothing. */
    KnownRun of(RunId id) {
        lock.lock();
        try {
            return known.computeIfAbsent(id, unused -> new KnownRun(nanos));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a run that has ended or is gone. */
    void forget(RunId id) {
        lock.lock();
        try {
            known.remove(id);
        } finally {
            lock.unlock();
        }
    }
}
