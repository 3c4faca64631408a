package io.mlops.core.tracker;

import io.mlops.api.common.Delivery;
import java.util.Map;
import java.util.TreeMap;

/** What became of what was recorded; pending is what remains. Guarded by whoever holds it. */
final class Account {
    private final Map<String, Long> dropped = new TreeMap<>();
    private long accepted;
    private long delivered;
    private long durable;

    void accept() {
        accepted++;
    }

    void deliver(long more) {
        delivered += more;
    }

    /** Everything delivered is durable. */
    void settle() {
        durable = delivered;
    }

    /** The store forgot what was not durable; it is pending again. */
    void rewind() {
        delivered = durable;
    }

    void drop(String reason, long more) {
        if (more > 0) {
            dropped.merge(reason, more, Long::sum);
        }
    }

    long pending() {
        return accepted - delivered - lost();
    }

    long lost() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean settled() {
        return pending() == 0 && durable == delivered;
    }

    void add(Account other) {
        accepted += other.accepted;
        delivered += other.delivered;
        durable += other.durable;
        other.dropped.forEach(this::drop);
    }

    Delivery snapshot() {
        return new Delivery(accepted, delivered, durable, pending(), dropped);
    }
}
