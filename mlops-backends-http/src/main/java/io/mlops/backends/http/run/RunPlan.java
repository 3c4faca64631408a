package io.mlops.backends.http.run;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.RunDocuments;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.server.StoredName;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a server must be told so that a run becomes what changes make of it: the changes are applied here first, so that a
 * conflict is found before anything is sent. Not thread-safe.
 */
final class RunPlan {
    private final ServerRun run;
    private final RunInfo before;
    private final RunInfo after;
    private final SortedMap<String, String> params = new TreeMap<>();
    private final SortedMap<String, String> tags = new TreeMap<>();
    private final SortedSet<String> untagged = new TreeSet<>();
    private final Map<String, Object> update = new TreeMap<>();
    private @Nullable RunEnvironment environment;
    private boolean restored;
    private boolean deleted;

    private RunPlan(ServerRun run, RunInfo before, RunInfo after) {
        this.run = run;
        this.before = before;
        this.after = after;
    }

    /**
     * Plans what to send.
     *
     * @param run the run as the server has it
     * @param before the same as the API shows it
     * @param after what the changes make of that
     * @param parents gives the server's id of the run of this id, null if the server has none
     */
    static RunPlan of(
            ServerRun run,
            RunInfo before,
            RunInfo after,
            List<? extends RunChange> changes,
            Function<RunId, @Nullable String> parents) {
        RunPlan plan = new RunPlan(run, before, after);
        Set<String> touched = new HashSet<>();
        for (RunChange change : changes) {
            if (change instanceof RunFact.ParamSet param && !run.params().containsKey(param.key())) {
                plan.params.put(param.key(), param.value());
            } else if (change instanceof RunFact.Tagged tag) {
                touched.add(tag.key());
            } else if (change instanceof RunFact.Untagged tag) {
                touched.add(tag.key());
            } else if (change instanceof RunFact.RanIn ranIn) {
                plan.environment = ranIn.environment();
            } else if (change instanceof RunChange.Deleted now) {
                plan.deletedAt(now.at());
            }
        }
        touched.addAll(plan.changedTags());
        touched.forEach(plan::tag);
        plan.move(parents);
        plan.rename();
        plan.refer();
        plan.end();
        plan.show();
        return plan;
    }

    /** Tags that got another value by something else than a tag, such as a name. */
    private Set<String> changedTags() {
        Set<String> changed = new HashSet<>();
        after.tags().forEach((key, value) -> {
            if (!value.equals(before.tags().get(key))) {
                changed.add(key);
            }
        });
        return changed;
    }

    private void deletedAt(Instant at) {
        if (after.deleted()) {
            tags.put(Reserved.DELETED, Long.toString(at.toEpochMilli()));
        }
    }

    private void tag(String key) {
        // MLflow has a value of its own under these.
        boolean ofMlflow = key.equals(RunFact.NAME_TAG) || key.equals(RunFact.PARENT_TAG);
        set(ofMlflow ? Reserved.TAG + key : key, after.tags().get(key));
    }

    private void set(String key, @Nullable String value) {
        if (value != null) {
            tags.put(key, value);
        } else if (run.tags().containsKey(key)) {
            untagged.add(key);
        }
    }

    private void move(Function<RunId, @Nullable String> parents) {
        RunId parent = after.parent();
        if (!Objects.equals(parent, before.parent())) {
            set(Reserved.PARENT, parent == null ? null : parent.value());
            set(RunFact.PARENT_TAG, parent == null ? null : parents.apply(parent));
        }
    }

    private void rename() {
        if (!after.name().equals(before.name())) {
            update.put("run_name", StoredName.RUN.of(after.name()));
            if (StoredName.RUN.shortens(after.name())) {
                tags.put(Reserved.NAME, after.name());
            }
        }
    }

    private void refer() {
        if (!newInputs().isEmpty()) {
            tags.putAll(RunDocuments.inputs(newInputs(), before.inputs().size()));
        }
        int known = before.outputs().size();
        if (after.outputs().size() > known) {
            tags.putAll(RunDocuments.outputs(
                    after.outputs().subList(known, after.outputs().size()), known));
        }
    }

    private void end() {
        boolean same = after.status() == before.status()
                && Objects.equals(after.ended(), before.ended())
                && Objects.equals(after.outcome(), before.outcome());
        if (same) {
            return;
        }
        Instant ended = after.ended();
        update.put("status", after.status().name());
        // The server takes 0 for no end, and keeps the one before if there is nothing.
        update.put("end_time", ended == null ? 0 : ended.toEpochMilli());
        RunOutcome outcome = after.outcome();
        boolean told = outcome instanceof RunOutcome.Finished && !Instant.EPOCH.equals(ended);
        if (outcome != null && ended != null && !told) {
            tags.putAll(RunDocuments.outcome(outcome, ended));
        }
    }

    private void show() {
        if (!after.deleted()) {
            set(Reserved.DELETED, null);
        }
        boolean nothingElse = params.isEmpty() && update.isEmpty() && environment == null && untagged.isEmpty();
        nothingElse &= tags.isEmpty() || tags.keySet().equals(Set.of(Reserved.DELETED));
        restored = before.deleted() && !(after.deleted() && nothingElse);
        deleted = after.deleted() && (restored || !before.deleted());
        if (before.deleted() && !restored) {
            tags.remove(Reserved.DELETED);
        }
    }

    /** Params that the run does not have yet. */
    SortedMap<String, String> params() {
        return params;
    }

    /** Tags to set, those of the library, too. */
    SortedMap<String, String> tags() {
        return tags;
    }

    /** Tags to remove. */
    SortedSet<String> untagged() {
        return untagged;
    }

    /** Data that the run did not use before. */
    List<RunInput> newInputs() {
        return after.inputs().subList(before.inputs().size(), after.inputs().size());
    }

    /** The fields of the run itself that change; none if nothing of it does. */
    Map<String, Object> update() {
        return update;
    }

    /** The environment to store before everything else; null for none. */
    @Nullable
    RunEnvironment environment() {
        return environment;
    }

    /** Whether the run has to be shown first, since a deleted one takes nothing. */
    boolean restored() {
        return restored;
    }

    /** Whether the run has to be hidden at the end. */
    boolean deleted() {
        return deleted;
    }

    /** The run as the server has it once it was told. */
    ServerRun done() {
        Map<String, String> allParams = new HashMap<>(run.params());
        allParams.putAll(params);
        Map<String, String> allTags = new HashMap<>(run.tags());
        allTags.putAll(tags);
        allTags.keySet().removeAll(untagged);
        Instant ended = after.ended();
        return new ServerRun(
                run.storeId(),
                run.experimentId(),
                run.artifactRoot(),
                StoredName.RUN.of(after.name()),
                after.status() == RunStatus.UNKNOWN
                        ? run.status()
                        : after.status().name(),
                run.started(),
                ended,
                after.deleted(),
                allParams,
                allTags,
                run.metrics(),
                run.edges());
    }
}
