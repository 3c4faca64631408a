package io.mlops.core.sync;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the runs of parts that others left into the store of this process, each by itself: one that cannot be taken stays
 * where it is, and holds up no other. One thread at a time.
 */
final class TakeOver {
    private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);

    /** What became of the runs of a part, the better ones first. */
    enum Outcome {
        /** All that can be read are here now, and no longer there. */
        TAKEN,
        /** Some are still there, and another try may bring them. */
        LATER,
        /** Some are still there, and would be after any other try. */
        STAYS
    }

    private final Backend own;
    private final Consumer<RunId> listener;
    private final BooleanSupplier stopped;
    /** The runs and parts of which somebody was told that they stay, over all tries. */
    private final Set<String> told;

    /**
     * One try.
     *
     * @param listener is told of each run that came, be it not whole
     * @param stopped whether to leave the rest for later
     * @param told what was warned of before
     */
    TakeOver(Backend own, Consumer<RunId> listener, BooleanSupplier stopped, Set<String> told) {
        this.own = own;
        this.listener = listener;
        this.stopped = stopped;
        this.told = told;
    }

    boolean isStopped() {
        return stopped.getAsBoolean();
    }

    /** Goes on where an earlier try was interrupted, be it by a kill: a run is removed once all of it was taken. */
    Outcome takeAll(Backend left, Path store) {
        // First all ids, since a search does not have to bear that runs are removed meanwhile.
        List<RunId> runs = new ArrayList<>();
        left.runs().searchAll(RunQuery.of().visibility(Visibility.ALL)).forEachRemaining(run -> runs.add(run.id()));
        Outcome worst = Outcome.TAKEN;
        for (RunId run : runs) {
            Outcome outcome = isStopped() ? Outcome.LATER : take(left, store, run);
            if (outcome.compareTo(worst) > 0) {
                worst = outcome;
            }
        }
        return worst;
    }

    private Outcome take(Backend left, Path store, RunId run) {
        try {
            RunCopy copy = new RunCopy(left, own, run, false);
            List<String> lacking = lacking(copy.bring());
            if (lacking.isEmpty()) {
                // The second call finds what the first passed over, and nothing if the run is whole.
                Brought again = copy.bring();
                lacking = lacking(again);
                if (again.changed() && lacking.isEmpty()) {
                    lacking = List.of("not all of it could be read");
                }
            }
            if (lacking.isEmpty()) {
                left.runs().discard(run);
            } else {
                stays(store, "run " + run + " was not taken over whole", String.join("; ", lacking));
            }
            listener.accept(run);
            return lacking.isEmpty() ? Outcome.TAKEN : Outcome.STAYS;
        } catch (IllegalArgumentException | MlopsException e) {
            return failed(store, "run " + run + " cannot be taken over", e);
        }
    }

    private static List<String> lacking(Brought brought) {
        List<String> lacking = new ArrayList<>();
        brought.conflicts().forEach(conflict -> lacking.add(conflict.toString()));
        if (!brought.lost().isEmpty()) {
            lacking.add("lost: " + brought.lost());
        }
        return lacking;
    }

    /** Warns once of a failure, and tells whether another try is worth it. */
    Outcome failed(Path store, String message, Exception failure) {
        if (isStopped()) {
            LOG.debug("{}, which waits in {}", message, store, failure);
            return Outcome.LATER;
        }
        if (told.add(store + message)) {
            LOG.warn("{}, and stays in {}", message, store, failure);
        }
        boolean isForGood = failure instanceof IllegalArgumentException
                || (failure instanceof MlopsException && !(failure instanceof BackendUnavailableException));
        return isForGood ? Outcome.STAYS : Outcome.LATER;
    }

    /** Warns once of what stays where it is. */
    void stays(Path store, String message, String why) {
        if (told.add(store + message)) {
            LOG.warn("{}, and stays in {}: {}", message, store, why);
        }
    }
}
