package io.mlops.core.delivery;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import java.util.Collection;
import java.util.Map;

/** Brings what is recorded into a spool on to the store that it is for: a tracker tells it what is new. Thread-safe. */
public interface Forwarding extends AutoCloseable {
    /** The time that a caller waits for. */
    enum Patience {
        /** Until the store has it, or is known not to answer. */
        WHILE_IT_ANSWERS,
        /** Until the store has it, or a try that begins now has failed. */
        ONE_TRY,
        /** Until the store has it, or never will. */
        TO_THE_END
    }

    /** The tracker that records into the spool, as far as it is asked and told. Thread-safe. */
    interface Source {
        /** The number of points and facts that this program has recorded in a run, as far as the spool has them for sure. */
        long stored(RunId run);

        /** Takes note that the store has the first so many of them, but for those that it lost, by reason. */
        void brought(RunId run, long stored, Map<Delivery.Reason, Long> lost);

        /** Takes note that the store never takes what of the first so many of them it does not have. */
        void lost(RunId run, long stored, Delivery.Reason reason);

        /** Whether this program writes a run now. */
        boolean writes(RunId run);

        /** Lets a run leave the spool, unless somebody writes or changes it; then {@link #left} follows. */
        boolean leaves(RunId run);

        /** Takes note that a run that was to leave the spool is gone from it, or stays. */
        void left(RunId run, boolean gone);
    }

    /**
     * Takes note of a run that begins.
     *
     * @param fresh whether its id was drawn for it, so that the store cannot know the run until it was tried
     */
    void begun(RunId run, boolean fresh);

    /**
     * Takes note of something new in the spool; never blocks.
     *
     * @param points how many of the run's points this program has put there so far
     */
    void changed(RunId run, long points);

    /** Waits until the store has all that the spool has of these runs now; returns whether it does. */
    boolean brought(Collection<RunId> runs, Patience patience, Deadline deadline, Interrupts interrupts);

    /** Waits until the store has all that is waiting now; returns whether it does. */
    boolean broughtAll(Patience patience, Deadline deadline, Interrupts interrupts);

    /** Whether the store did not answer the last time. */
    boolean away();

    /** Ends the threads, and lets another process go on. */
    @Override
    void close();
}
