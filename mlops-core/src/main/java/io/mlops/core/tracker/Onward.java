package io.mlops.core.tracker;

import io.mlops.api.common.RunId;
import io.mlops.core.delivery.Deadline;

/** The way from the store of a tracker to another one behind it, if there is one. Thread-safe. */
interface Onward {
    /** No other store: what the first has is where it belongs. */
    Onward NOWHERE = new Onward() {
        @Override
        public void begun(RunDelivery run) {}

        @Override
        public void stored(RunId run, long points) {}

        @Override
        public boolean flushed(RunId run, Deadline deadline) {
            return true;
        }

        @Override
        public void ended(RunId run, Deadline deadline) {}
    };

    /** Takes note of a run that begins. */
    void begun(RunDelivery run);

    /** Takes note that the store has something new of a run, and so many points in all; never blocks. */
    void stored(RunId run, long points);

    /** Waits until the other store has what the first has of a run; returns whether it has all, and lost nothing since. */
    boolean flushed(RunId run, Deadline deadline);

    /** Waits until the other store has a run that has ended, while it answers. */
    void ended(RunId run, Deadline deadline);
}
