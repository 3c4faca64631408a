package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.DeliveryCounter;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runs that are being recorded, and those of them that have work for the delivery thread, which waits here for it. The
 * guard is a plain monitor, held for a look at fields only. Thread-safe.
 */
final class OpenRuns {
    private final Object guard = new Object();
    /** All that are not forgotten; guarded, as all below. */
    private final Set<RunDelivery> open = new LinkedHashSet<>();

    private final ArrayDeque<RunDelivery> ready = new ArrayDeque<>();
    private final DeliveryCounter forgotten = new DeliveryCounter();
    /** Null while it takes runs. */
    private @Nullable CloseReason closed;

    private boolean stopped;

    private final Signal work = new Signal();

    void checkOpen() {
        synchronized (guard) {
            if (closed != null) {
                throw new IllegalStateException(closed.refusal() + " and records nothing more");
            }
        }
    }

    /** Refuses a run that is being recorded here in another experiment. */
    void checkTakes(RunDraft draft) {
        synchronized (guard) {
            checkOpen();
            for (RunDelivery other : open) {
                checkSame(other, draft);
            }
        }
    }

    /** Two that record one run in this program at least agree on where it belongs; one that is over has no say. */
    private static void checkSame(RunDelivery known, RunDraft draft) {
        String experiment = known.draft().experiment();
        if (!known.standing().over() && known.id().equals(draft.id()) && !experiment.equals(draft.experiment())) {
            throw new ConflictException("run " + draft.id() + " is being recorded in experiment '" + experiment
                    + "' and cannot go on in '" + draft.experiment() + "': choose another id");
        }
    }

    /** Takes a run in. */
    void add(RunDelivery run) {
        synchronized (guard) {
            if (run.standing().over()) {
                checkOpen();
            } else {
                checkTakes(run.draft());
            }
            open.add(run);
        }
    }

    /** A run that has not ended. */
    Optional<RunDelivery> find(RunId id) {
        synchronized (guard) {
            return open.stream()
                    .filter(run -> run.id().equals(id) && !run.buffer().ended())
                    .findFirst();
        }
    }

    /** Takes note that an experiment has another name, before a run is begun under it. */
    void renamed(String experiment, String to) {
        synchronized (guard) {
            open.forEach(run -> run.renamed(experiment, to));
        }
    }

    List<RunDelivery> all() {
        synchronized (guard) {
            return List.copyOf(open);
        }
    }

    /** The counts of all runs that are or were here. */
    Delivery snapshot() {
        synchronized (guard) {
            DeliveryCounter sum = new DeliveryCounter();
            sum.add(forgotten);
            for (RunDelivery run : open) {
                run.buffer().addTo(sum);
            }
            return sum.snapshot();
        }
    }

    /** Says that a run has work; allocates nothing, since the recording calls come here. */
    void wake(RunDelivery run) {
        synchronized (guard) {
            if (!run.makeReady()) {
                return;
            }
            ready.add(run);
        }
        work.changed();
    }

    /** Waits for work: the runs that have some, or all of them if it is time; null to stop. */
    @Nullable
    List<RunDelivery> next(Deadline wakeAt) {
        boolean woken = work.await(this::hasWork, wakeAt, Interrupts.PUT_OFF);
        // Only close() interrupts, and has stopped all before: an interrupt from elsewhere must not reach the store.
        boolean unused = Thread.interrupted();
        synchronized (guard) {
            if (stopped) {
                return null;
            }
            // Those that are ready may be forgotten already, and somebody waits for an answer.
            Set<RunDelivery> due = new LinkedHashSet<>(woken && !wakeAt.passed() ? Set.of() : open);
            due.addAll(ready);
            for (RunDelivery run : ready) {
                run.takeTurn();
            }
            ready.clear();
            return List.copyOf(due);
        }
    }

    private boolean hasWork() {
        synchronized (guard) {
            return stopped || !ready.isEmpty();
        }
    }

    /** Forgets those of the runs that are done, and returns when the first of the others wants another try. */
    Deadline forgetFinished(List<RunDelivery> runs) {
        synchronized (guard) {
            Deadline retryAt = Deadline.never();
            for (RunDelivery run : runs) {
                if (run.standing().over() && run.buffer().ended()) {
                    if (open.remove(run)) {
                        run.buffer().addTo(forgotten);
                    }
                } else {
                    retryAt = retryAt.orEarlier(run.retryAt());
                }
            }
            return retryAt;
        }
    }

    /** Takes no more runs; the runs that are left, or nothing if it took none already. */
    Optional<List<RunDelivery>> close(CloseReason reason) {
        synchronized (guard) {
            if (closed != null) {
                return Optional.empty();
            }
            closed = reason;
            return Optional.of(List.copyOf(open));
        }
    }

    /** The reason for which it takes no more runs; null while it does. */
    @Nullable
    CloseReason closed() {
        synchronized (guard) {
            return closed;
        }
    }

    /** Lets the delivery thread end. */
    void stop() {
        synchronized (guard) {
            stopped = true;
        }
        work.changed();
    }

    boolean stopped() {
        synchronized (guard) {
            return stopped;
        }
    }
}
