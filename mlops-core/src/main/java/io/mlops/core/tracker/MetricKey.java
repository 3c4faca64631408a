package io.mlops.core.tracker;

/** A metric's place in the columns, and its next step. The step is guarded by the run's buffer. */
final class MetricKey {
    private final int index;
    private long next;

    MetricKey(int index, long next) {
        this.index = index;
        this.next = next;
    }

    int index() {
        return index;
    }

    long next() {
        return next;
    }

    /** The greatest long has no successor: it stays the next step. */
    void used(long step) {
        if (step >= next) {
            next = step == Long.MAX_VALUE ? step : step + 1;
        }
    }
}
