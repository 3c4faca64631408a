package io.mlops.core.tracker;

/** A metric's place in the columns, and its next step. The step is guarded by the run's buffer. */
final class MetricKey {
    private final int index;
    private boolean used;
    private long next;

    MetricKey(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    /** One more than the greatest step so far, 0 if there is none. */
    long next() {
        return next;
    }

    /** The greatest long has no successor: it stays the next step. */
    void used(long step) {
        if (!used || step >= next) {
            next = step == Long.MAX_VALUE ? step : step + 1;
            used = true;
        }
    }
}
