package io.mlops.core.delivery;

import io.mlops.api.common.Delivery;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the fate of what was recorded. What was accepted is delivered, pending or dropped at every moment, since pending is
 * what remains of it. Not thread-safe: its holder guards it.
 */
public final class DeliveryCounter {
    private final Map<String, Long> dropped = new TreeMap<>();
    private long accepted;
    private long delivered;
    private long durable;

    /** One more was recorded, and is pending. */
    public void accept() {
        accepted++;
    }

    /** So many more of those pending are with the store. */
    public void deliver(long more) {
        delivered += more;
    }

    /** Everything delivered is durable. */
    public void makeDurable() {
        durable = delivered;
    }

    /** So many of those that were durable are no longer with the store. */
    public void lose(String reason, long more) {
        long gone = Math.min(more, durable);
        durable -= gone;
        delivered -= gone;
        drop(reason, gone);
    }

    /** The store forgot what was not durable: it is pending again. */
    public void rewind() {
        delivered = durable;
    }

    /** So many more of those pending never reach the store. */
    public void drop(String reason, long more) {
        if (more > 0) {
            dropped.merge(reason, more, Long::sum);
        }
    }

    /** The number of those that are neither with the store nor dropped. */
    public long pending() {
        return accepted - delivered - dropped();
    }

    /** The number of those dropped, for whatever reason. */
    public long dropped() {
        long all = 0;
        for (long count : dropped.values()) {
            all += count;
        }
        return all;
    }

    /** Whether each is durable or dropped. */
    public boolean allDurable() {
        return pending() == 0 && durable == delivered;
    }

    /** Adds what another has counted. */
    public void add(DeliveryCounter other) {
        accepted += other.accepted;
        delivered += other.delivered;
        durable += other.durable;
        for (Map.Entry<String, Long> reason : other.dropped.entrySet()) {
            drop(reason.getKey(), reason.getValue());
        }
    }

    /** The counts of this moment. */
    public Delivery snapshot() {
        return new Delivery(accepted, delivered, durable, pending(), dropped);
    }
}
