package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RunId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once when the store goes away, and once for each reason that something is dropped, however many runs it is
 * about; {@code delivery()} tells how much. Thread-safe.
 */
final class DeliveryLog {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLog.class);

    /** Causes beyond so many are told at DEBUG. */
    private static final int MAX_CAUSES = 100;

    private final Map<String, RunId> told = new ConcurrentHashMap<>();
    private final AtomicBoolean away = new AtomicBoolean();

    void dropped(String reason, RunId run) {
        if (isNews("dropped " + reason, run)) {
            LOG.warn("run {}: what is recorded is being dropped: {}; delivery() counts it", run, reason);
        }
    }

    void failed(RunId run, RuntimeException why) {
        if (away.compareAndSet(false, true)) {
            LOG.warn("run {} cannot be stored now; it is kept in memory and tried again", run, why);
        } else {
            LOG.debug("run {} cannot be stored yet", run, why);
        }
    }

    void runDropped(RunId run, RuntimeException why) {
        if (isNews("run dropped " + why.getClass().getName(), run)) {
            LOG.warn("run {} is dropped", run, why);
        } else {
            LOG.debug("run {} is dropped", run, why);
        }
    }

    /** Tells of something of a run that the store refuses; not of the exception, which may tell values. */
    void refused(RunId run, String what, RuntimeException why) {
        boolean contradicts = why instanceof ConflictException;
        if (isNews((contradicts ? "contradicted " : "refused ") + what, run)) {
            LOG.warn(
                    contradicts
                            ? "run {}: {} is dropped, the store has another value or no room for it"
                            : "run {}: {} is dropped, the store refuses it; at DEBUG, the reason",
                    run,
                    what);
        }
        LOG.debug("run {}: {} is refused", run, what, why);
    }

    void worked() {
        if (away.get() && away.compareAndSet(true, false)) {
            LOG.debug("the store works again");
        }
    }

    private boolean isNews(String cause, RunId run) {
        return told.size() < MAX_CAUSES && told.putIfAbsent(cause, run) == null;
    }
}
