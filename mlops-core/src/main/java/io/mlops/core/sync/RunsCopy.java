package io.mlops.core.sync;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Brings the runs of a store, one experiment after the other, those that others are part of first. One thread at a time. */
final class RunsCopy {
    /** Ids that were drawn at random, by the library or by MLflow, so that no two runs have one. */
    private static final Pattern DRAWN = Pattern.compile("[0-9]+-[0-9]{6}-[0-9a-f]{12}|[0-9a-f]{32}");

    private static final int FEW = 1000;

    private final Backend from;
    private final Backend to;
    private final InstantSource clock;
    private final Progress listener;
    private final SyncAccount account;
    private final Set<RunId> done = new HashSet<>();
    /** The versions that came out of runs, by run, and those that the target knows of. */
    private final Map<RunId, List<ModelVersionId>> outputs = new LinkedHashMap<>();

    private final Map<RunId, List<ModelVersionId>> outputsThere = new HashMap<>();
    /** The runs in experiments that the target alone has; null if they are too many to be asked for. */
    private @Nullable Set<RunId> elsewhere;

    RunsCopy(Backend from, Backend to, InstantSource clock, Progress listener, SyncAccount account) {
        this.from = from;
        this.to = to;
        this.clock = clock;
        this.listener = listener;
        this.account = account;
    }

    /** Finds out which runs are in experiments that the target alone has, where one of the source may have been moved. */
    void lookElsewhere(List<String> others) {
        elsewhere = new HashSet<>();
        if (others.size() > FEW) {
            elsewhere = null;
        } else if (!others.isEmpty()) {
            Page<RunInfo> runs = to.runs()
                    .search(
                            RunQuery.of(others.toArray(String[]::new)).visibility(Visibility.ALL),
                            PageRequest.first(FEW));
            if (runs.next() != null) {
                elsewhere = null;
            } else {
                for (RunInfo run : runs.items()) {
                    elsewhere.add(run.id());
                }
            }
        }
    }

    /** Brings the runs of an experiment; {@code wasThere} tells whether the target had one of this name before. */
    void bring(String experiment, boolean wasThere) {
        Map<RunId, RunInfo> there = wasThere ? all(to, experiment) : Map.of();
        Map<RunId, RunInfo> here = all(from, experiment);
        SyncProgress progress = new SyncProgress(listener, "runs of " + experiment, here.size());
        for (RunInfo run : here.values()) {
            for (RunInfo next : withParents(run, here)) {
                account.step("run " + next.id(), () -> bring(next, there.get(next.id())));
            }
            progress.step();
        }
    }

    /** All runs of an experiment, the oldest first. */
    private static Map<RunId, RunInfo> all(Backend backend, String experiment) {
        Map<RunId, RunInfo> all = new LinkedHashMap<>();
        RunQuery query =
                RunQuery.of(experiment).orderBy("attributes.start_time ASC").visibility(Visibility.ALL);
        backend.runs().searchAll(query).forEachRemaining(run -> all.put(run.id(), run));
        return all;
    }

    /** The run, and before it those that it is part of, as far as they were not brought yet. */
    private Deque<RunInfo> withParents(RunInfo run, Map<RunId, RunInfo> here) {
        Deque<RunInfo> chain = new ArrayDeque<>();
        RunInfo next = run;
        while (next != null && done.add(next.id())) {
            chain.push(next);
            RunId parent = next.parent();
            next = parent == null || done.contains(parent) ? null : find(parent, here);
        }
        return chain;
    }

    private @Nullable RunInfo find(RunId parent, Map<RunId, RunInfo> here) {
        RunInfo known = here.get(parent);
        try {
            return known == null ? from.runs().find(parent).orElse(null) : known;
        } catch (MlopsException e) {
            // Its own turn will tell what is wrong with it.
            return null;
        }
    }

    private void bring(RunInfo here, @Nullable RunInfo there) {
        if (!here.outputs().isEmpty()) {
            outputs.put(here.id(), here.outputs());
        }
        if (there != null) {
            outputsThere.put(here.id(), there.outputs());
            if (isSame(here, there)) {
                account.count(SyncAccount.Kind.RUN, false);
                return;
            }
        }
        RunCopy copy = RunCopy.ofStored(from, to, here.id(), clock);
        if (there != null) {
            copy.there(there);
        } else if (isUnknown(here.id())) {
            copy.fresh();
        }
        try {
            account.count(copy.bring());
        } catch (NotFoundException e) {
            // A run that was removed meanwhile is nobody's loss; one that the target lost is brought the next time.
            if (from.runs().find(here.id()).isPresent()) {
                throw e;
            }
        }
    }

    /** Whether the target cannot have a run that it was not found to have. */
    private boolean isUnknown(RunId run) {
        return elsewhere != null
                && !elsewhere.contains(run)
                && DRAWN.matcher(run.value()).matches();
    }

    /** Whether a run that has ended is there with all that it recorded, as far as summaries tell. */
    private static boolean isSame(RunInfo here, RunInfo there) {
        return here.status().ended()
                && RunDifference.isSameEnd(here, there)
                && here.started().equals(there.started())
                && here.experiment().equals(there.experiment())
                && here.name().equals(there.name())
                && here.deleted() == there.deleted()
                && Objects.equals(here.parent(), there.parent())
                && there.params().entrySet().containsAll(here.params().entrySet())
                && there.tags().entrySet().containsAll(here.tags().entrySet())
                && there.inputs().containsAll(here.inputs())
                && PointSummaries.isSame(here.metrics(), there.metrics());
    }

    /** Tells the runs at the target which versions came out of them, by the numbers that these have there. */
    void linkOutputs() {
        outputs.forEach((run, versions) -> {
            List<ModelVersionId> known = outputsThere.getOrDefault(run, List.of());
            List<RunChange> lacking = new ArrayList<>();
            for (ModelVersionId version : versions) {
                ModelVersionId there = account.there(version);
                if (there != null && !known.contains(there)) {
                    lacking.add(new RunFact.Produced(there));
                }
            }
            if (!lacking.isEmpty()) {
                account.step("run " + run, () -> to.runs().change(run, lacking));
            }
        });
    }

    /** Whether a run is one of those that were brought. */
    boolean isFromHere(RunId run) {
        return done.contains(run);
    }
}
