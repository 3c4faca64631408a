package io.mlops.core.sync;

import io.mlops.api.common.MlopsException;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.delivery.DaemonThread;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a spool on a thread of its own: hands to the forwarder what earlier processes left there, takes in what others
 * leave that die meanwhile, and measures how much there is. Thread-safe.
 */
public final class SpoolKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolKeeper.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LEFT_BEHIND_EVERY = Duration.ofHours(1);
    private static final Duration ENDS_WITHIN = Duration.ofMillis(200);

    private final SpoolParts parts;
    private final SpoolParts.Part own;
    private final Forwarding forwarding;
    private final long most;
    private final Signal signal = new Signal();
    private final DaemonThread thread;
    /** Written by {@link #close}. */
    private volatile boolean stopped;
    /** Written by the thread. */
    private volatile long bytes;
    /** Whether somebody asked how much there is since that was measured. */
    private volatile boolean asked;

    /**
     * Begins at once.
     *
     * @param most how many bytes the spool may hold
     */
    public SpoolKeeper(SpoolParts parts, SpoolParts.Part own, Forwarding forwarding, long most) {
        this.parts = parts;
        this.own = own;
        this.forwarding = forwarding;
        this.most = most;
        this.thread = DaemonThread.start("spool", this::loop);
    }

    /** Whether the spool had as much as it may hold when it was measured last, some seconds ago at most. */
    public boolean full() {
        asked = true;
        return bytes >= most;
    }

    /** Ends the thread. */
    @Override
    public void close() {
        stopped = true;
        signal.changed();
        if (!thread.awaitEnd(Deadline.in(ENDS_WITHIN), Interrupts.PUT_OFF)) {
            thread.interrupt();
            boolean unused = thread.awaitEnd(Deadline.in(ENDS_WITHIN), Interrupts.PUT_OFF);
        }
    }

    private void loop() {
        Deadline leftBehindAt = Deadline.now();
        asked = true;
        while (!stopped) {
            try {
                if (asked) {
                    asked = false;
                    bytes = parts.bytes();
                }
                if (leftBehindAt.passed()) {
                    leftBehindAt = Deadline.in(LEFT_BEHIND_EVERY);
                    forwardAll();
                }
                parts.takeOver(own, run -> forwarding.changed(run, 0), () -> stopped);
            } catch (IOException | MlopsException | IllegalStateException e) {
                LOG.debug("what others left in the spool stays there for now", e);
            } catch (RuntimeException | Error e) {
                LOG.warn("the spool is looked after all the same, after a failure", e);
            }
            boolean unused = signal.await(() -> stopped, Deadline.in(LOOK_EVERY), Interrupts.PUT_OFF);
        }
    }

    private void forwardAll() {
        Iterator<RunInfo> all = own.store().runs().searchAll(RunQuery.of().visibility(Visibility.ALL));
        while (all.hasNext() && !stopped) {
            forwarding.changed(all.next().id(), 0);
        }
    }
}
