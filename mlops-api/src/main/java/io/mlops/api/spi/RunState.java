package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.ConflictException;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A run, and what changes do to it, the same on every backend:
 * {@code RunState.of(run).apply(changes).metrics(summaries).info()}.
 */
@CheckReturnValue
public record RunState(RunInfo info) {
    public RunState {
        requireNonNull(info, "info");
    }

    /** A run as the store has it. */
    public static RunState of(RunInfo info) {
        return new RunState(info);
    }

    /**
     * The run after the changes.
     *
     * @throws ConflictException if a param has another value, the run has as much as it takes, it ended in another way, a
     *     finished one is to go on, a running one is to be deleted, or a deleted one is to change
     */
    public RunState apply(List<? extends RunChange> changes) {
        RunEdit edit = new RunEdit(info);
        for (RunChange change : changes) {
            edit.apply(change);
        }
        return new RunState(edit.result());
    }

    /**
     * The run after those of the changes that it takes, one after the other; a listener is told of each of the others, and
     * why, by what {@link #apply} would throw.
     */
    public RunState applyEach(
            List<? extends RunChange> changes, BiConsumer<? super RunChange, ? super ConflictException> refused) {
        RunEdit edit = new RunEdit(info);
        for (RunChange change : changes) {
            try {
                edit.apply(change);
            } catch (ConflictException e) {
                refused.accept(change, e);
            }
        }
        return new RunState(edit.result());
    }

    /**
     * Refuses what the deletion of the run, or of its experiment, would refuse.
     *
     * @throws ConflictException if the run is running, or is the origin of a model version
     */
    public void checkDeletable() {
        new RunEdit(info).apply(new RunChange.Deleted(Instant.EPOCH));
    }

    /** The run with the summaries of its points as the store has them. */
    public RunState metrics(Map<String, MetricSummary> summaries) {
        return copy(info.experiment(), summaries, info.deleted(), info.orphaned());
    }

    /** The run in the experiment that it belongs to, by the name that the experiment has now; hidden if that is. */
    public RunState in(Experiment experiment) {
        return copy(experiment.name(), info.metrics(), info.deleted() || experiment.deleted(), info.orphaned());
    }

    /** The run in an experiment of which no more is known than a name. */
    public RunState in(String experiment) {
        return copy(experiment, info.metrics(), info.deleted(), info.orphaned());
    }

    /** The run with what is known of its writer: whether the process that recorded it has died. */
    public RunState orphaned(boolean writerIsGone) {
        return copy(info.experiment(), info.metrics(), info.deleted(), writerIsGone);
    }

    private RunState copy(String experiment, Map<String, MetricSummary> metrics, boolean deleted, boolean orphaned) {
        return new RunState(new RunInfo(
                info.id(),
                info.storeId(),
                experiment,
                info.name(),
                info.status(),
                info.started(),
                info.ended(),
                info.outcome(),
                info.parent(),
                info.params(),
                info.tags(),
                metrics,
                info.inputs(),
                info.outputs(),
                deleted,
                orphaned));
    }
}
