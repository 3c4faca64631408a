package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunState;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies facts of a run, and its end, to the store, without those that it refuses: each costs itself. Not thread-safe:
 * made for one use.
 */
final class ChangeDelivery {
    private final RunStore store;
    private final RunId run;
    private final RunBuffer buffer;
    private final boolean environmentCounts;
    private long conflicts;
    private long refusals;

    /** A delivery in which the environment is one of the facts that count, or is not. */
    ChangeDelivery(RunStore store, RunBuffer buffer, boolean environmentCounts) {
        this.store = store;
        this.run = buffer.run();
        this.buffer = buffer;
        this.environmentCounts = environmentCounts;
    }

    /** The program's facts that the store did not take. */
    LostFacts lost() {
        return new LostFacts(conflicts, refusals);
    }

    /** Applies all in one go, or else those that the store does not refuse; durable then, with all points before. */
    void apply(List<RunFact> facts, RunChange.@Nullable Ended ending) {
        List<RunChange> all = new ArrayList<>(facts);
        if (ending != null) {
            all.add(ending);
        }
        try {
            store.change(run, all);
        } catch (ConflictException e) {
            applyWhatFits(all);
        } catch (RuntimeException e) {
            if (!Refusals.ofContent(e)) {
                throw e;
            }
            // A store that refuses whoever asks refuses nothing at all, too: the facts stay, for when that is mended.
            store.change(run, List.of());
            applyOthers(all, e);
        }
    }

    /**
     * Leaves out what contradicts the run as the store has it, so that one change does for the rest: others wait for their
     * turn meanwhile, and thousands of changes would take minutes.
     */
    private void applyWhatFits(List<RunChange> all) {
        RunInfo known =
                store.find(run).orElseThrow(() -> new NotFoundException("run " + run + " is no longer in the store"));
        Set<RunChange> refused = Collections.newSetFromMap(new IdentityHashMap<>());
        RunState unused = RunState.of(known).applyEach(all, (change, why) -> {
            refused.add(change);
            refuse(change, why);
        });
        List<RunChange> rest =
                all.stream().filter(change -> !refused.contains(change)).toList();
        try {
            store.change(run, rest);
        } catch (RuntimeException e) {
            // What is refused with nothing in it is the run itself.
            if (rest.isEmpty() || !Refusals.ofChange(e)) {
                throw e;
            }
            // The run changed meanwhile, or this store refuses more than others.
            applyOthers(rest, e);
        }
    }

    /** Finds those to blame among changes that were refused together. The end of the run is never taken for one unasked. */
    private void applyOthers(List<RunChange> changes, RuntimeException why) {
        List<RunChange> facts =
                changes.stream().filter(change -> change instanceof RunFact).toList();
        // With others among them, the facts may not be to blame.
        RuntimeException ofFacts = facts.size() == changes.size() ? why : change(facts);
        if (ofFacts != null) {
            CulpritSearch.run(new Row(facts), ofFacts);
        }
        for (RunChange change : changes) {
            RuntimeException refusal = change instanceof RunFact ? null : change(List.of(change));
            if (refusal != null) {
                refuse(change, refusal);
            }
        }
        // Each may have been refused, and points become durable with a change that is not.
        store.change(run, List.of());
    }

    /** Applies changes; returns the exception if the store refuses them. */
    private @Nullable RuntimeException change(List<RunChange> changes) {
        try {
            store.change(run, changes);
            return null;
        } catch (RuntimeException e) {
            if (Refusals.ofChange(e)) {
                return e;
            }
            throw e;
        }
    }

    /** Notes that the store refuses a change, and counts it if it is one of the program's facts. */
    private void refuse(RunChange change, RuntimeException why) {
        buffer.refused(nameOf(change), why);
        boolean counts = change instanceof RunFact && (environmentCounts || !(change instanceof RunFact.RanIn));
        if (counts && why instanceof ConflictException) {
            conflicts++;
        } else if (counts) {
            refusals++;
        }
    }

    /** Names a change, without its value. */
    private static String nameOf(RunChange change) {
        if (change instanceof RunFact.ParamSet param) {
            return "param '" + param.key() + "'";
        } else if (change instanceof RunFact.Tagged tag) {
            return "tag '" + tag.key() + "'";
        } else if (change instanceof RunFact.Untagged tag) {
            return "the removal of tag '" + tag.key() + "'";
        } else if (change instanceof RunFact.Renamed) {
            return "its new name";
        } else if (change instanceof RunFact.Used used) {
            return "input '" + used.input().name() + "'";
        } else if (change instanceof RunFact.Produced produced) {
            return "model version '" + produced.model() + "'";
        } else if (change instanceof RunFact.RanIn) {
            return "its environment";
        } else if (change instanceof RunChange.Ended) {
            return "its end";
        }
        throw new IllegalStateException("no case for " + change.getClass().getName());
    }

    /** Facts that come next. */
    private final class Row implements CulpritSearch.Row {
        private final List<RunChange> facts;
        private int next;
        /** So many were refused one after the other. */
        private int inARow;

        Row(List<RunChange> facts) {
            this.facts = facts;
        }

        @Override
        public int left() {
            return facts.size() - next;
        }

        @Override
        public @Nullable RuntimeException send(int count) {
            RuntimeException refusal = change(facts.subList(next, next + count));
            if (refusal == null) {
                next += count;
                inARow = 0;
            }
            return refusal;
        }

        @Override
        public void leaveOut(int count, RuntimeException why) {
            facts.subList(next, next + count).forEach(fact -> refuse(fact, why));
            next += count;
            inARow += count;
        }

        @Override
        public int blamable() {
            return Math.max(1, inARow / CulpritSearch.TIMES_AS_MANY);
        }
    }
}
