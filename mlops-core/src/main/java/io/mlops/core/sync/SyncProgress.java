package io.mlops.core.sync;

import io.mlops.api.common.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener how many things of an operation are done: at its beginning and its end, and every 100 ms at most
 * between. One thread at a time.
 */
final class SyncProgress {
    private static final Logger LOG = LoggerFactory.getLogger(SyncProgress.class);
    private static final long PERIOD_NANOS = 100_000_000;

    private final Progress listener;
    private final String what;
    private final long total;
    private long done;
    private long toldAt;

    /** Begins an operation. */
    SyncProgress(Progress listener, String what, long total) {
        this.listener = listener;
        this.what = what;
        this.total = total;
        if (total > 0) {
            tell();
        }
    }

    /** Counts one more thing as done. */
    void step() {
        done++;
        if (done >= total || System.nanoTime() - toldAt > PERIOD_NANOS) {
            tell();
        }
    }

    private void tell() {
        toldAt = System.nanoTime();
        try {
            listener.at(what, done, total);
        } catch (RuntimeException e) {
            LOG.warn("the listener of '{}' failed, which changes nothing", what, e);
        }
    }
}
