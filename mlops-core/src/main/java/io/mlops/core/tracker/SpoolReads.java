package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RunId;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.delivery.Interrupts;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Decides where a run is read: in the spool while that has all of it, else where it belongs. Thread-safe. */
record SpoolReads(Spool spool, SpooledRuns runs, Duration within) {
    /** The time that a search waits for what was recorded a moment ago. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    /** Reads a run in one of both places. */
    <T> T either(RunId run, Supplier<T> inSpool, Supplier<T> inStore) {
        // Of one that goes on, the spool has the later part only.
        if (!runs.isContinued(run) || !bring(run)) {
            runs.hold(run);
            try {
                if (has(run)) {
                    return inSpool.get();
                }
            } finally {
                runs.release(run);
            }
        }
        return inStore(inStore);
    }

    /** Whether the spool has a run, or will in a moment. */
    boolean has(RunId run) {
        return runs.writes(run) || spool.store().runs().find(run).isPresent();
    }

    /** Brings what the spool has of a run, while the store answers; returns whether it has all. */
    boolean bring(RunId run) {
        return bring(run, Forwarding.Patience.WHILE_IT_ANSWERS);
    }

    boolean bring(RunId run, Forwarding.Patience patience) {
        return spool.forwarding().brought(List.of(run), patience, Deadline.in(within), Interrupts.END_THE_WAIT);
    }

    /** Reads what is of many runs, after these had a moment to get there. */
    <T> T afterAMoment(Supplier<T> inStore) {
        giveAMoment();
        return inStore(inStore);
    }

    /** Waits a moment at most until what was recorded is in the store. */
    void giveAMoment() {
        boolean unused = spool.forwarding()
                .broughtAll(Forwarding.Patience.WHILE_IT_ANSWERS, Deadline.in(MOMENT), Interrupts.END_THE_WAIT);
    }

    /** Does something in the store; if that does not answer, tells where the runs are. */
    <T> T inStore(Supplier<T> step) {
        try {
            return step.get();
        } catch (BackendUnavailableException e) {
            throw new BackendUnavailableException(
                    e.getMessage() + "; what is recorded meanwhile waits in " + spool.folder(), e.maybeDone(), e);
        }
    }
}
