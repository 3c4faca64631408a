package io.mlops.core.sync;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.SyncReport;
import io.mlops.api.common.SyncReport.Conflict;
import io.mlops.api.common.SyncReport.Count;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts what a sync does, and gathers what it leaves as it is. One thread at a time. */
final class SyncAccount {
    /** A kind of things that are counted. */
    enum Kind {
        EXPERIMENT,
        RUN,
        VERSION,
        ALIAS
    }

    private final Map<Kind, Count> counts = new HashMap<>();
    private final SortedMap<String, SortedMap<Integer, Integer>> numbers = new TreeMap<>();
    private final List<Conflict> conflicts = new ArrayList<>();
    private long points;
    private long artifacts;

    /** Counts a thing that the target got, wholly or in part, or one that it had. */
    void count(Kind kind, boolean isCopied) {
        counts.merge(kind, Count.NONE.with(isCopied), (a, b) -> a.with(isCopied));
    }

    /** Counts a run with what was brought of it. */
    void count(Brought run) {
        count(Kind.RUN, run.changed());
        points += run.points();
        artifacts += run.artifacts();
        conflicts.addAll(run.conflicts());
    }

    /** Remembers which version of the target is one of the source. */
    void number(ModelVersionId here, int there) {
        numbers.computeIfAbsent(here.model(), model -> new TreeMap<>()).put(here.number(), there);
    }

    /** The version at the target of one of the source; null if that does not have it. */
    @Nullable
    ModelVersionId there(ModelVersionId here) {
        Integer number =
                numbers.getOrDefault(here.model(), Collections.emptySortedMap()).get(here.number());
        return number == null ? null : new ModelVersionId(here.model(), number);
    }

    void conflict(String of, @Nullable String message) {
        conflicts.add(new Conflict(of, String.valueOf(message)));
    }

    /**
     * Takes a step that concerns one thing; what is wrong with that thing ends the step only, and is told. A backend that
     * does not answer ends everything.
     */
    void step(String of, Runnable step) {
        try {
            step.run();
        } catch (BackendUnavailableException e) {
            throw e;
        } catch (IllegalArgumentException | MlopsException e) {
            conflict(of, e.getMessage());
        }
    }

    SyncReport report(String from, String to) {
        return new SyncReport(
                from,
                to,
                counts.getOrDefault(Kind.EXPERIMENT, Count.NONE),
                counts.getOrDefault(Kind.RUN, Count.NONE),
                points,
                artifacts,
                counts.getOrDefault(Kind.VERSION, Count.NONE),
                counts.getOrDefault(Kind.ALIAS, Count.NONE),
                numbers,
                conflicts);
    }
}
