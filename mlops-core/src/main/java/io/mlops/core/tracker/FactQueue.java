package io.mlops.core.tracker;

import io.mlops.api.tracker.RunFact;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts of a run that the store does not have; a later value of a tag takes the place of an earlier one, and how long
 * they are together {@link KnownFacts} bounds. Guarded by the run's buffer.
 */
final class FactQueue {
    private static final int MAX_FACTS = 10_000;

    /**
     * Facts to hand to the store.
     *
     * @param recorded how many the program recorded, those that were replaced among them
     * @param environmentCounts whether the environment is one of those, since the program recorded it itself
     */
    record Taken(List<RunFact> facts, long recorded, boolean environmentCounts) {}

    private final Map<Object, RunFact> facts = new LinkedHashMap<>();
    private long recorded;
    private boolean environmentCounts;

    boolean isEmpty() {
        return facts.isEmpty();
    }

    boolean isFull() {
        return facts.size() >= MAX_FACTS;
    }

    void add(RunFact fact) {
        put(fact);
        recorded++;
        environmentCounts |= fact instanceof RunFact.RanIn;
    }

    /** Adds a fact that is not the program's. */
    void addUncounted(RunFact fact) {
        put(fact);
    }

    /** Puts a fact behind the others, so that what it does comes after what they do. */
    private void put(RunFact fact) {
        Object key = keyOf(fact);
        facts.remove(key);
        facts.put(key, fact);
    }

    Taken take() {
        Taken taken = new Taken(List.copyOf(facts.values()), recorded, environmentCounts);
        clear();
        return taken;
    }

    /** Puts facts back that the store did not take; what was recorded since wins. */
    void giveBack(Taken taken) {
        List<RunFact> since = List.copyOf(facts.values());
        facts.clear();
        taken.facts().forEach(this::put);
        since.forEach(this::put);
        recorded += taken.recorded();
        environmentCounts |= taken.environmentCounts();
    }

    void clear() {
        facts.clear();
        recorded = 0;
        environmentCounts = false;
    }

    private static Object keyOf(RunFact fact) {
        if (fact instanceof RunFact.Tagged tagged) {
            return tagged.key().equals(RunFact.NAME_TAG) ? RunFact.Renamed.class : "tag " + tagged.key();
        } else if (fact instanceof RunFact.Untagged untagged) {
            return "tag " + untagged.key();
        } else if (fact instanceof RunFact.Renamed || fact instanceof RunFact.RanIn) {
            // Of these the last one counts.
            return fact.getClass();
        } else if (fact instanceof RunFact.ParamSet
                || fact instanceof RunFact.Used
                || fact instanceof RunFact.Produced) {
            return fact;
        }
        throw new IllegalStateException("no case for " + fact.getClass().getName());
    }
}
