package io.mlops.core.tracker;

import io.mlops.api.common.RunId;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.delivery.Interrupts;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from a spool to the store that it is for. Thread-safe. */
final class SpoolForward implements Onward {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolForward.class);

    private final Spool spool;
    private final SpooledRuns runs;
    private final String store;
    private final AtomicBoolean lateTold = new AtomicBoolean();

    SpoolForward(Spool spool, SpooledRuns runs, String store) {
        this.spool = spool;
        this.runs = runs;
        this.store = store;
    }

    @Override
    public void begun(RunDelivery run) {
        runs.begun(run);
        spool.forwarding().begun(run.id(), run.draft().fresh());
    }

    @Override
    public void stored(RunId run, long points) {
        spool.forwarding().changed(run, points);
    }

    @Override
    public boolean flushed(RunId run, Deadline deadline) {
        boolean all = spool.forwarding()
                .brought(List.of(run), Forwarding.Patience.TO_THE_END, deadline, Interrupts.END_THE_WAIT);
        return !runs.takeLost(run) && all;
    }

    @Override
    public void ended(RunId run, Deadline deadline) {
        boolean all = spool.forwarding()
                .brought(List.of(run), Forwarding.Patience.WHILE_IT_ANSWERS, deadline, Interrupts.PUT_OFF);
        told(all, "run " + run);
    }

    /** Warns once of something that is late; of a store that does not answer, the forwarder does. */
    void told(boolean all, String what) {
        if (all) {
            lateTold.set(false);
        } else if (!spool.forwarding().away() && lateTold.compareAndSet(false, true)) {
            LOG.warn(
                    "{} is stored in {}, but not in {} yet: it is brought there by this program or the next one on this"
                            + " machine that records for it",
                    what,
                    spool.folder(),
                    store);
        }
    }
}
