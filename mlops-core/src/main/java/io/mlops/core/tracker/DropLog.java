package io.mlops.core.tracker;

import io.mlops.api.common.RunId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once per reason that something recorded was lost; how much is told by {@code delivery()}. Thread-safe. */
final class DropLog {
    private static final Logger LOG = LoggerFactory.getLogger(DropLog.class);

    private final Map<String, RunId> warned = new ConcurrentHashMap<>();

    void warn(String reason, RunId run) {
        if (warned.putIfAbsent(reason, run) == null) {
            LOG.warn("run {}: what is recorded is being dropped: {}; delivery() counts it", run, reason);
        }
    }
}
