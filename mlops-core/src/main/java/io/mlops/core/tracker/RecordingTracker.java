package io.mlops.core.tracker;

import io.mlops.api.common.Delivery;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import io.mlops.core.delivery.RunLinks;
import java.time.Duration;

/** A tracker that somebody answers for: asks what became of what was recorded, and closes it. Thread-safe. */
public sealed interface RecordingTracker extends Tracker, RunLinks permits SpoolTracker, StoredTracker, TeeTracker {
    /** Starts a run that is part of one that is being recorded here, in whatever experiment that is by then. */
    Run startChild(RunSpec spec);

    /** The counts of everything recorded here: accepted, delivered, durable, pending and dropped. */
    Delivery delivery();

    /** Waits until everything recorded so far, in all runs, is durable; false if the time was too short. */
    boolean flush(Duration within);

    /**
     * Ends runs that are still open as killed for this reason, delivers what can be delivered in time, and ends the thread.
     */
    void close(Duration within, CloseReason reason);
}
