package io.mlops.core.sync;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings one run from one backend to another, and goes on where it was: what the target is known to have is neither asked
 * for nor sent again. One thread at a time.
 */
public final class RunCopy {
    /** The relation of the two backends. */
    enum Manner {
        /** A program records the run into the source, whose word counts on whether it runs. */
        RECORDED,
        /** Both are stores in their own right. */
        STORED
    }

    private final Backend from;
    private final Backend to;
    private final RunId id;
    private final Manner manner;
    private final Function<ModelVersionId, @Nullable ModelVersionId> outputs;
    private final InstantSource clock;
    private final Notices notices = new Notices();
    private final PointCopy points;
    private final ArtifactCopy artifacts;
    private final ChangeCopy changes;
    /** Whether the target is known not to have the run. */
    private boolean fresh;
    /** Whether this object made the run, so that the target has nothing of it that did not come from here. */
    private boolean isMadeHere;

    /** Whether the target was found to have this run, and not another one of its id. */
    private boolean isChecked;

    /** The run as the target has it; null if that is not known. */
    private @Nullable RunInfo there;
    /** The run as the source had it when all of it was brought last; null if it never was. */
    private @Nullable RunInfo before;
    /** What the run ran in, as far as the target has that. */
    private @Nullable RunEnvironment environment;

    /** Whether it is known what of the environment the target has. */
    private boolean knowsEnvironment;

    /**
     * A copy of a run that a program may be recording into the source now, so that the source says whether it runs.
     *
     * @param fresh whether the target cannot know this run yet, so that it need not be asked
     */
    public RunCopy(Backend from, Backend to, RunId run, boolean fresh) {
        this(from, to, run, Manner.RECORDED, version -> version, InstantSource.system());
        this.fresh = fresh;
    }

    private RunCopy(
            Backend from,
            Backend to,
            RunId run,
            Manner manner,
            Function<ModelVersionId, @Nullable ModelVersionId> outputs,
            InstantSource clock) {
        this.from = requireNonNull(from, "from");
        this.to = requireNonNull(to, "to");
        this.id = requireNonNull(run, "run");
        this.manner = manner;
        this.outputs = outputs;
        this.clock = clock;
        this.points = new PointCopy(from, to, run, notices);
        this.artifacts = new ArtifactCopy(from.artifacts(), to.artifacts(), run, notices);
        this.changes = new ChangeCopy(to.runs(), run, notices);
    }

    /** A copy of a run of a store, without the model versions that came out of it. */
    static RunCopy ofStored(Backend from, Backend to, RunId run, InstantSource clock) {
        return new RunCopy(from, to, run, Manner.STORED, version -> null, clock);
    }

    /** Tells that the target does not have the run. */
    RunCopy fresh() {
        fresh = true;
        return this;
    }

    /** Tells how the target has the run. */
    RunCopy there(RunInfo known) {
        there = known;
        return this;
    }

    /**
     * Brings what the target lacks of what the source has now. A second call costs the target nothing if nothing is new.
     * After any failure what was learned of the target is forgotten, and the next call asks it.
     *
     * @throws io.mlops.api.common.NotFoundException if the source has no such run, or the target lost it meanwhile
     * @throws ConflictException if the target has another run of this id, or a deleted experiment of this name
     * @throws io.mlops.api.common.RefusedException if the target takes nothing of the run
     * @throws io.mlops.api.common.BackendUnavailableException if either does not answer
     */
    public Brought bring() {
        try {
            RunInfo here = from.runs().get(id);
            Brought brought = bring(here);
            before = here;
            return brought;
        } catch (RuntimeException | Error e) {
            forget();
            throw e;
        }
    }

    private void forget() {
        fresh = false;
        isMadeHere = false;
        isChecked = false;
        there = null;
        knowsEnvironment = false;
        points.forget();
        artifacts.forget();
    }

    private Brought bring(RunInfo here) {
        RunInfo known = there;
        boolean isNew = false;
        if (known == null) {
            known = create(here);
            isNew = fresh && isJustBegun(known);
            isMadeHere = isNew;
            fresh = false;
        }
        if (!isChecked) {
            checkSame(here, known);
            isChecked = true;
        }
        if (known.deleted() && isRestored(here)) {
            known = after(known, changes.send(List.of(new RunChange.Restored())));
        }
        if (known.deleted()) {
            if (!here.deleted()) {
                if (manner == Manner.RECORDED) {
                    throw new ConflictException("run " + id + " is deleted in "
                            + to.info().name() + ": restore it there, or delete it here, too");
                }
                notices.conflict("run " + id, "it is deleted there: restore it there, or delete it here, too");
            }
            there = known;
            return brought(here, isNew, 0, List.of(), 0);
        }
        long pointCount = points.bring(isMadeHere);
        long artifactCount = artifacts.bring(isMadeHere);
        List<RunChange> wanted = changes(here, known);
        List<RunChange> taken = List.of();
        if (isNew || pointCount > 0 || !wanted.isEmpty()) {
            // An empty list, too, since that makes durable what was appended.
            taken = changes.send(wanted);
        }
        there = after(known, taken);
        return brought(here, isNew, pointCount, taken, artifactCount);
    }

    /** Why the target does not take an artifact, so that not all of the run is there; null if there is none such. */
    @Nullable
    RuntimeException artifactRefusal() {
        return artifacts.refusal();
    }

    /** Whether the target was asked for the run, and nothing happened since that makes it necessary to ask again. */
    boolean knowsTarget() {
        return there != null;
    }

    private static RunInfo after(RunInfo run, List<RunChange> changes) {
        return RunState.of(run).applyEach(changes, (change, why) -> {}).info();
    }

    private Brought brought(RunInfo here, boolean isNew, long points, List<RunChange> taken, long artifacts) {
        long facts = taken.stream().filter(change -> change instanceof RunFact).count();
        boolean changed = isNew || points > 0 || artifacts > 0 || !taken.isEmpty();
        return new Brought(here, changed, points, facts, artifacts, notices.takeLost(), notices.takeConflicts());
    }

    private List<RunChange> changes(RunInfo here, RunInfo known) {
        RunDifference difference = new RunDifference(here, known, before, manner == Manner.RECORDED, notices);
        List<RunChange> wanted = new ArrayList<>(difference.resumption(clock.instant()));
        wanted.addAll(difference.facts(environmentToRecord(), outputs));
        wanted.addAll(difference.end());
        if (here.deleted() && isDeletedByItself(here)) {
            wanted.add(new RunChange.Deleted(clock.instant()));
        }
        return wanted;
    }

    /** Makes the run, or finds it if it is there. */
    private RunInfo create(RunInfo here) {
        Map<String, String> tags = new TreeMap<>();
        here.tags().forEach((key, value) -> {
            if (isTag(key, value)) {
                tags.put(key, value);
            }
        });
        RunDraft draft = new RunDraft(id, here.experiment(), here.name(), here.started(), here.parent(), tags, fresh);
        try {
            return to.runs().create(draft);
        } catch (IllegalArgumentException | MlopsException e) {
            if (!Refusal.isOfContent(e)) {
                throw e;
            }
            // One of the tags may be to blame, which is found out when they are sent by themselves.
            return to.runs().create(draft.triedBefore().withoutTags());
        }
    }

    private static boolean isTag(String key, String value) {
        try {
            return new RunFact.Tagged(key, value).value().equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isJustBegun(RunInfo run) {
        return !run.status().ended()
                && !run.deleted()
                && run.params().isEmpty()
                && run.metrics().isEmpty()
                && run.inputs().isEmpty()
                && run.outputs().isEmpty();
    }

    /** Refuses to mix two runs that happen to have one id. */
    private void checkSame(RunInfo here, RunInfo known) {
        boolean isElsewhere = !known.experiment().equals(here.experiment());
        boolean isOther = !known.started().equals(here.started());
        if (manner == Manner.RECORDED) {
            // One that began at the same moment is this run, in an experiment that somebody renamed there.
            if (isOther && (isElsewhere || known.status() == RunStatus.FINISHED)) {
                throw new ConflictException(
                        "run " + id + " of experiment '" + here.experiment() + "' cannot be brought to "
                                + to.info().name() + ", which has one of this id in experiment '" + known.experiment()
                                + "' that is "
                                + known.status() + ": choose another id");
            }
        } else if (isOther) {
            throw new ConflictException("run " + id + " began at " + here.started()
                    + " here, and another one of this id at " + known.started() + " there: nothing of it was copied");
        } else if (isElsewhere) {
            notices.conflict(
                    "run " + id,
                    "it is in experiment '" + here.experiment() + "' here and in '" + known.experiment() + "' there");
        }
    }

    /** Whether a run that was deleted here, and so at the target, was restored here. */
    private boolean isRestored(RunInfo here) {
        return before != null && before.deleted() && !here.deleted();
    }

    private boolean isDeletedByItself(RunInfo here) {
        return from.experiments()
                .find(here.experiment())
                .filter(Experiment::deleted)
                .isEmpty();
    }

    /** The environment that the target lacks; null if there is nothing to record. */
    private @Nullable RunEnvironment environmentToRecord() {
        RunEnvironment here = environmentHere();
        if (here == null) {
            return null;
        }
        if (!knowsEnvironment) {
            environment = isMadeHere ? null : environmentThere();
            knowsEnvironment = true;
        }
        if (Objects.equals(environment, here)) {
            return null;
        }
        environment = here;
        return here;
    }

    private @Nullable RunEnvironment environmentHere() {
        try {
            return from.runs().environment(id).orElse(null);
        } catch (CorruptDataException e) {
            notices.conflict("run " + id, "what it ran in is damaged, and not copied: " + e.getMessage());
            return null;
        }
    }

    private @Nullable RunEnvironment environmentThere() {
        try {
            return to.runs().environment(id).orElse(null);
        } catch (CorruptDataException e) {
            // It is recorded once more, as whoever repairs it would.
            return null;
        }
    }
}
