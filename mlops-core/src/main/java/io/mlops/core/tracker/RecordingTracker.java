package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Tracker;
import java.time.Duration;

/** A tracker that somebody answers for: asks what became of what was recorded, and closes it. Thread-safe. */
public sealed interface RecordingTracker extends Tracker permits RunTracker, TeeTracker {
    /**
     * Makes sure that a run is stored, so that a model version may name it.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if it is deleted
     */
    void ensureStored(RunId run);

    /** Records that a model version came out of a run, open or not. */
    void produced(RunId run, ModelVersionId version);

    /** What became of everything recorded here. */
    Delivery delivery();

    /** Waits until everything recorded so far, in all runs, is durable; false if the time was too short. */
    boolean flush(Duration within);

    /** Ends runs that are still open as killed for this reason, delivers what can be delivered in time, and ends the thread. */
    void close(Duration within, String reason);
}
