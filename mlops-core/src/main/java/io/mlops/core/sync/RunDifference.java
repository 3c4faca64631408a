package io.mlops.core.sync;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes that make a run at the target what it is at the source, and what stays different. The target's own values
 * stay unless they came from here, or the run still runs there. One thread at a time.
 */
final class RunDifference {
    private final RunInfo here;
    private final RunInfo there;
    /** The run as it was here when it was brought last; null if that is not known. */
    private final @Nullable RunInfo before;
    /** Whether the source is where the run is recorded. */
    private final boolean isRecorded;

    private final Notices notices;
    private final String of;
    private final List<RunChange> changes = new ArrayList<>();

    /**
     * The difference of a run at two places.
     *
     * @param isRecorded whether the source is where the run is recorded
     */
    RunDifference(RunInfo here, RunInfo there, @Nullable RunInfo before, boolean isRecorded, Notices notices) {
        this.here = here;
        this.there = there;
        this.before = before;
        this.isRecorded = isRecorded;
        this.notices = notices;
        this.of = "run " + here.id();
    }

    /** The change that lets the run go on, before the facts of what it did since; empty if it does not. */
    List<RunChange> resumption(Instant now) {
        return isResumed() ? List.of(new RunChange.Resumed(now)) : List.of();
    }

    /**
     * The changes of what the run recorded.
     *
     * @param environment to be recorded; null if the target has it
     * @param outputs the version at the target of each that came out of the run; null for one that is not brought now
     */
    List<RunChange> facts(
            @Nullable RunEnvironment environment, Function<ModelVersionId, @Nullable ModelVersionId> outputs) {
        changes.clear();
        environment(environment);
        params();
        tags();
        name();
        parent();
        references(outputs);
        return List.copyOf(changes);
    }

    /** The change that ends the run. */
    List<RunChange> end() {
        changes.clear();
        if (!there.status().ended() || isResumed()) {
            if (here.status().ended()) {
                add("the end of " + of, this::ended);
            }
        } else if (!isSameEnd(here, there)) {
            notices.conflict(of, "it is " + state(here) + " here and " + state(there) + " there");
        }
        return List.copyOf(changes);
    }

    private void environment(@Nullable RunEnvironment environment) {
        if (environment != null) {
            changes.add(new RunFact.RanIn(environment));
            // It brings tags, which the run may have lost since.
            environment.tags().keySet().stream()
                    .filter(key ->
                            !here.tags().containsKey(key) && !there.tags().containsKey(key))
                    .forEach(key -> changes.add(new RunFact.Untagged(key)));
        }
    }

    private void params() {
        here.params().forEach((key, value) -> {
            String known = there.params().get(key);
            if (known == null) {
                add("param '" + key + "' of " + of, () -> new RunFact.ParamSet(key, value));
            } else if (!known.equals(value)) {
                String message = "param '" + key + "' is '" + value + "' here and '" + known + "' there";
                notices.lost(of, new ConflictException(message), 1);
            }
        });
    }

    private void tags() {
        Map<String, String> earlier = before == null ? Map.of() : before.tags();
        here.tags().forEach((key, value) -> {
            String known = there.tags().get(key);
            if (known == null || (!known.equals(value) && isOurs(known, earlier.get(key)))) {
                add("tag '" + key + "' of " + of, () -> new RunFact.Tagged(key, value));
            } else if (!known.equals(value)) {
                differs("tag '" + key + "' is '" + value + "' here and '" + known
                        + "' there: set the one that is wrong");
            }
        });
        earlier.forEach((key, value) -> {
            if (!here.tags().containsKey(key) && value.equals(there.tags().get(key))) {
                add("tag '" + key + "' of " + of, () -> new RunFact.Untagged(key));
            }
        });
    }

    private void name() {
        String known = there.name();
        if (known.equals(here.name())) {
            return;
        }
        if (isOurs(known, before == null ? null : before.name())) {
            add("the name of " + of, () -> new RunFact.Renamed(here.name()));
        } else {
            differs("its name is '" + here.name() + "' here and '" + known + "' there");
        }
    }

    /** Of what a program recorded, that it did not arrive is a loss; of two stores either may be right. */
    private void differs(String message) {
        if (isRecorded) {
            notices.lost(of, new ConflictException(message), 1);
        } else {
            notices.conflict(of, message);
        }
    }

    private void parent() {
        RunInfo after =
                RunState.of(there).applyEach(changes, (change, why) -> {}).info();
        RunId parent = here.parent();
        if (!Objects.equals(parent, after.parent())) {
            notices.conflict(of, "it is part of " + named(parent) + " here and of " + named(after.parent()) + " there");
        }
    }

    private static String named(@Nullable RunId parent) {
        return parent == null ? "no run" : "run " + parent;
    }

    /** Whether a value at the target came from here, or the run is still recorded there, or goes on from here. */
    private boolean isOurs(String known, @Nullable String earlier) {
        return !there.status().ended() || known.equals(earlier) || (isRecorded && isResumed());
    }

    private void references(Function<ModelVersionId, @Nullable ModelVersionId> outputs) {
        for (RunInput input : here.inputs()) {
            if (!there.inputs().contains(input)) {
                add("data '" + input.name() + "' of " + of, () -> new RunFact.Used(input));
            }
        }
        for (ModelVersionId output : here.outputs()) {
            ModelVersionId known = outputs.apply(output);
            if (known != null && !there.outputs().contains(known)) {
                changes.add(new RunFact.Produced(known));
            }
        }
    }

    /** What older stores have may be more than is taken today. */
    private void add(String what, Supplier<RunChange> change) {
        try {
            changes.add(change.get());
        } catch (IllegalArgumentException e) {
            notices.lost(what, e, 1);
        }
    }

    static boolean isSameEnd(RunInfo a, RunInfo b) {
        return a.status() == b.status()
                && Objects.equals(a.ended(), b.ended())
                && Objects.equals(a.outcome(), b.outcome());
    }

    /** Whether the end at the target is an earlier one of this run, which has gone on since. */
    private boolean isResumed() {
        if (!there.status().ended() || there.status() == RunStatus.FINISHED || isSameEnd(here, there)) {
            return false;
        }
        boolean isOurEnd = before != null && before.status().ended() && isSameEnd(before, there);
        boolean runsNow = !here.status().ended() && !here.orphaned();
        boolean beganAnew = !here.started().equals(there.started());
        return isOurEnd || (isRecorded && (runsNow || beganAnew));
    }

    private RunChange ended() {
        RunOutcome outcome = here.outcome();
        Instant at = here.ended();
        return new RunChange.Ended(
                outcome == null ? outcomeOf(here.status()) : outcome, at == null ? here.started() : at);
    }

    private static RunOutcome outcomeOf(RunStatus status) {
        return status == RunStatus.FINISHED
                ? new RunOutcome.Finished()
                : status == RunStatus.KILLED ? new RunOutcome.Killed("") : RunOutcome.Failed.because(null);
    }

    private static String state(RunInfo run) {
        return run.status() + (run.ended() == null ? "" : " since " + run.ended());
    }
}
