package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of everything recorded, metric points and facts alike. In every snapshot {@code accepted = delivered +
 * pending + the sum of dropped}.
 *
 * @param accepted taken from the caller
 * @param delivered handed to the store, which may still lose them in a power cut
 * @param durable on the store's stable storage; at most {@code delivered}
 * @param pending in memory, not yet with the store
 * @param dropped lost, by reason
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

    /** How many were lost, for whatever reason. */
    public long lost() {
        return sum(dropped);
    }

    private static long sum(Map<String, Long> dropped) {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}
