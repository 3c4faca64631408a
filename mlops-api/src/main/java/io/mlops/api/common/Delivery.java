package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of everything recorded, metric points and facts alike. In every snapshot
 * {@code accepted = delivered + pending + the sum of dropped}.
 *
 * @param accepted how many were taken from callers
 * @param delivered how many the store has; a power cut may still undo those that are not durable
 * @param durable how many are on the store's stable storage; at most {@code delivered}
 * @param pending how many wait in memory, and are not yet with the store
 * @param dropped how many never reach the store, by reason
 */
public record Delivery(long accepted, long delivered, long durable, long pending, Map<String, Long> dropped) {
    public Delivery {
        requireNonNull(dropped, "dropped");
        dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
        if (accepted != delivered + pending + sum(dropped)) {
            throw new IllegalArgumentException("accepted " + accepted + " is not delivered " + delivered + " + pending "
                    + pending + " + dropped " + dropped);
        }
        if (durable > delivered) {
            throw new IllegalArgumentException("durable " + durable + " is more than delivered " + delivered);
        }
    }

    /** The number of those dropped, for whatever reason. */
    public long lost() {
        return sum(dropped);
    }

    private static long sum(Map<String, Long> dropped) {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}
