package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Names;
import io.mlops.api.common.Times;
import java.time.Instant;

/** One change to a run. Applying it twice is applying it once. */
public sealed interface RunChange
        permits RunFact, RunChange.Ended, RunChange.Resumed, RunChange.Deleted, RunChange.Restored {
    /** The run ended; the first end is the one that counts. */
    record Ended(RunOutcome outcome, Instant at) implements RunChange {
        public Ended {
            requireNonNull(outcome, "outcome");
            if (outcome instanceof RunOutcome.Killed killed) {
                Names.checkNoNul("the reason", killed.reason());
            }
            at = Times.storable(requireNonNull(at, "at"));
        }
    }

    /** The run goes on after it failed, was killed, or its writer died. */
    record Resumed(Instant at) implements RunChange {
        public Resumed {
            at = Times.storable(requireNonNull(at, "at"));
        }
    }

    /** Hides a run that has ended; its id stays taken until it is purged. */
    record Deleted(Instant at) implements RunChange {
        public Deleted {
            at = Times.storable(requireNonNull(at, "at"));
        }
    }

    /** Shows a deleted run again. */
    record Restored() implements RunChange {}
}
