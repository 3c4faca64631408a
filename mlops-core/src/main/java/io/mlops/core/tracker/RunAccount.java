package io.mlops.core.tracker;

import io.mlops.api.common.Delivery;
import io.mlops.core.delivery.DeliveryCounter;

/** The fate of what one run recorded, as it is counted and as its program is told. Guarded by the run's buffer. */
final class RunAccount {
    private static final String CONFLICT = Delivery.Reason.CONFLICT.toString();
    private static final String MISSING = Delivery.Reason.MISSING.toString();
    private static final String REFUSED = Delivery.Reason.REFUSED.toString();

    private final DeliveryCounter counter = new DeliveryCounter();
    /** So many were dropped when a flush told the program last. */
    private long droppedTold;

    private long missing;

    /** Whether all was dropped: a store that answers later changes nothing, since what was counted as dropped stays so. */
    private boolean closed;

    void accept() {
        counter.accept();
    }

    /** Counts something just accepted as dropped. */
    void drop(String reason) {
        counter.drop(reason, 1);
    }

    void deliver(long points) {
        if (!closed) {
            counter.deliver(points);
        }
    }

    /** Counts points that the store refuses. */
    void refuse(long points) {
        counter.drop(REFUSED, points);
    }

    /** Counts as durable what was delivered, and the facts but for those that were refused. */
    void makeDurable(long facts, LostFacts lost) {
        counter.drop(CONFLICT, lost.conflicts());
        counter.drop(REFUSED, lost.refusals());
        counter.deliver(facts - lost.conflicts() - lost.refusals());
        counter.makeDurable();
    }

    /** Counts as dropped, so that the next flush says no, the durable points that the store has found missing so far. */
    void missing(long points) {
        if (!closed && points > missing) {
            counter.lose(MISSING, points - missing);
            missing = points;
        }
    }

    /** Counts what was not durable as pending again. */
    void rewind() {
        counter.rewind();
    }

    /** Counts what is pending as dropped, for good; returns how much that was. */
    long close(String reason) {
        closed = true;
        counter.rewind();
        long pending = counter.pending();
        counter.drop(reason, pending);
        return pending;
    }

    boolean closed() {
        return closed;
    }

    /** Whether everything is durable or was dropped one by one. */
    boolean allDurable() {
        return !closed && counter.allDurable();
    }

    /** Whether something was dropped since this was asked last; always once all was dropped. */
    boolean takeDropped() {
        long dropped = counter.dropped();
        boolean more = dropped > droppedTold;
        droppedTold = dropped;
        return more || closed;
    }

    void addTo(DeliveryCounter sum) {
        sum.add(counter);
    }
}
