package io.mlops.core.tracker;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.artifact.StoredRunArtifacts;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.ExitHook;
import io.mlops.core.delivery.Interrupts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Records every run in two places, each with its own buffers, thread and account, so that one that fails, hangs or drops
 * does not disturb the other. Reads, and what ties runs to models, are the first one's. Thread-safe.
 */
public final class TeeTracker implements RecordingTracker {
    private static final String OF_SECOND = " of the second store";

    private final StoredTracker first;
    private final StoredTracker second;
    private final MlopsConfig config;
    private final ClampedClock clock;
    private final SecondPlace place;
    private final EnvironmentCapture environment;
    private final Sampler sampler;
    private final Set<TeeRun> open = ConcurrentHashMap.newKeySet();
    /** A run begins in both places before all is closed, or in none. */
    private final ReentrantLock gate = new ReentrantLock();

    /**
     * A tracker that keeps its runs in both backends, which stay the caller's.
     *
     * @param atExit what to do when the JVM ends while runs are recorded
     */
    public TeeTracker(Backend first, Backend second, MlopsConfig config, EnvironmentSources sources, Runnable atExit) {
        this.config = config;
        this.clock = new ClampedClock(config.program().clock());
        // With both full, a caller waits for one after the other.
        MlopsConfig each = config.waitWhenFull(config.recording().waitWhenFull().dividedBy(2));
        ExitHook exit = new ExitHook(config.program().exitHook() ? config.closeWithin() : null, atExit);
        this.environment = new EnvironmentCapture(sources.collector());
        this.sampler = new Sampler(config.environment().sampleEvery(), sources.readings());
        // Samples come through the run that stands for both.
        Sampler none = new Sampler(null, sources.readings());
        this.first = new StoredTracker(first, each, exit, environment, none);
        this.second = new StoredTracker(second, each, exit, environment, none);
        this.place = new SecondPlace(this.second.recorder(), config);
    }

    @Override
    public Run start(RunSpec spec) {
        first.recorder().checkOpen();
        RunId own = spec.id();
        RunInfo inFirst = own == null ? null : first.findUnlessDown(own);
        RunInfo inSecond = own == null ? null : findInSecond(own);
        RunInfo known = inFirst == null ? inSecond : inFirst;
        if (known == null) {
            first.deleted().check(spec.experiment());
            return begin(first.draft(spec), Standing.NEW, null, null);
        }
        GoingOn.check(known, spec.experiment(), inFirst == null ? OF_SECOND : "");
        Run run = begin(StoredTracker.draft(known), Standing.NEW, inFirst, inSecond);
        spec.tags().forEach(run::tag);
        return run;
    }

    @Override
    public Run resume(RunId run) {
        first.recorder().checkOpen();
        RunInfo inFirst = first.findUnlessDown(run);
        RunInfo inSecond = findInSecond(inFirst == null ? run : inFirst.id());
        RunInfo known = inFirst == null ? inSecond : inFirst;
        if (known == null) {
            // Says whether it is not there, or cannot be asked for.
            known = first.get(run);
            inFirst = known;
        }
        GoingOn.check(known, known.experiment(), inFirst == null ? OF_SECOND : "");
        return begin(StoredTracker.draft(known), Standing.NEW, inFirst, inSecond);
    }

    @Override
    public Run startChild(RunSpec spec) {
        first.recorder().checkOpen();
        first.deleted().check(spec.experiment());
        return begin(first.draft(spec), Standing.NEW_CHILD, null, null);
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        return first.find(run);
    }

    @Override
    public RunInfo get(RunId run) {
        return first.get(run);
    }

    @Override
    public Listing<RunInfo> search(RunQuery query) {
        return first.search(query);
    }

    @Override
    public Listing<MetricPoint> history(RunId run, String metric) {
        return first.history(run, metric);
    }

    @Override
    public void change(RunId run, RunChange change) {
        place.change("change of run " + run, () -> first.change(run, change), wanted -> {
            awaitInSecond(run);
            second.change(run, change);
        });
    }

    @Override
    public void delete(RunId run) {
        change(run, new RunChange.Deleted(clock.instant()));
    }

    @Override
    public void end(RunId run, RunOutcome outcome) {
        change(run, new RunChange.Ended(outcome, clock.instant()));
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return first.environment(run);
    }

    @Override
    public Artifacts artifacts(RunId run) {
        return first.artifacts(run);
    }

    @Override
    public Experiments experiments() {
        return new TeeExperiments(first, second, place, clock, Progress.none());
    }

    @Override
    public void ensureStored(RunId run) {
        first.ensureStored(run);
    }

    @Override
    public void produced(RunId run, ModelVersionId version) {
        first.produced(run, version);
    }

    @Override
    public Delivery delivery() {
        Delivery one = first.delivery();
        Delivery other = second.delivery();
        Delivery missed = place.missed();
        Map<String, Long> dropped = new TreeMap<>();
        one.dropped().forEach((reason, count) -> dropped.merge("first: " + reason, count, Long::sum));
        for (Delivery lost : List.of(other, missed)) {
            lost.dropped().forEach((reason, count) -> dropped.merge("second: " + reason, count, Long::sum));
        }
        return new Delivery(
                one.accepted() + other.accepted() + missed.accepted(),
                one.delivered() + other.delivered(),
                one.durable() + other.durable(),
                one.pending() + other.pending(),
                dropped);
    }

    @Override
    public boolean flush(Duration within) {
        Deadline deadline = Deadline.in(within);
        List<Ticket> inFirst = first.recorder().askAll();
        List<Ticket> inSecond = second.recorder().askAll();
        boolean done = first.recorder().flushed(inFirst, deadline);
        done &= second.recorder().flushed(inSecond, deadline);
        return !place.takeMissed() && done;
    }

    @Override
    public void close(Duration within, CloseReason reason) {
        Deadline deadline = Deadline.in(within);
        Optional<Recorder.Closing> inFirst;
        Optional<Recorder.Closing> inSecond;
        environment.stop();
        sampler.stop();
        // Whoever waits for room holds what the end of its run needs.
        first.recorder().waitNoMore();
        second.recorder().waitNoMore();
        gate.lock();
        try {
            Instant now = clock.instant();
            open.forEach(run -> run.dropMore(reason.dropped()));
            inFirst = first.recorder().beginClosing(reason, now);
            inSecond = second.recorder().beginClosing(reason, now);
            open.clear();
        } finally {
            gate.unlock();
        }
        // Both deliver at once: the one that is waited for last has had all the time.
        first.recorder().finishClosing(inFirst, deadline);
        second.recorder().finishClosing(inSecond, deadline);
        place.close();
        sampler.join(deadline);
        environment.join(deadline);
    }

    @Override
    public String toString() {
        return "tracker of " + first.backend().info().name() + " and "
                + second.backend().info().name();
    }

    private @Nullable RunInfo findInSecond(RunId id) {
        try {
            return place.call("find run " + id, wanted -> {
                        awaitInSecond(id);
                        return second.find(id);
                    })
                    .orElse(null);
        } catch (RuntimeException e) {
            place.missed("whether run " + id + " began before", e);
            return null;
        }
    }

    /** Like the second itself would wait, but not again while it hangs. */
    private void awaitInSecond(RunId run) {
        Recorder recorder = second.recorder();
        RunDelivery here = recorder.find(run).orElse(null);
        if (here != null && !here.standing().known()) {
            place.patiently(until -> {
                if (!recorder.ask(here, Ticket.Want.CREATED).await(Ticket.Until.TRIED, until, Interrupts.PUT_OFF)) {
                    throw new BackendUnavailableException(
                            "run " + run + " could not be made in the second store yet", false, null);
                }
            });
        }
    }

    /** Why the second place cannot record a run that the first can; null if it can. */
    private @Nullable String lostInSecond(RunDraft draft, @Nullable RunInfo known) {
        try {
            second.recorder().checkTakes(draft);
            if (known != null) {
                GoingOn.check(known, known.experiment(), OF_SECOND);
            }
            return null;
        } catch (ConflictException e) {
            place.missed("all that is recorded of run " + draft.id() + " from now on", e);
            return Delivery.Reason.of(e).toString();
        }
    }

    /**
     * A run that one place does not know begins there as it did in the other; it gets what is recorded from now on.
     *
     * @param unknown the standing of a run that a place does not know
     */
    private Run begin(RunDraft draft, Standing unknown, @Nullable RunInfo inFirst, @Nullable RunInfo inSecond) {
        gate.lock();
        try {
            RunDraft there = inSecond == null ? draft : StoredTracker.draft(inSecond);
            // Before either begins, since one that nobody holds would never end.
            first.recorder().checkTakes(draft);
            String lost = lostInSecond(there, inSecond);
            RecordedRun one = first.begin(draft, inFirst == null ? unknown : Standing.RESUMING, inFirst, null);
            RecordedRun other = second.begin(there, inSecond == null ? unknown : Standing.RESUMING, inSecond, lost);
            TeeArtifacts files = new TeeArtifacts(
                    one,
                    new AwaitedArtifacts(first.recorder(), first.backend().artifacts()),
                    other,
                    new AwaitedArtifacts(second.recorder(), second.backend().artifacts()),
                    place);
            TeeRun run = new TeeRun(
                    one,
                    other,
                    place,
                    config,
                    new StoredRunArtifacts(
                            files,
                            one.id(),
                            one::checkOpen,
                            one::awaitTried,
                            config.program().workFolder()),
                    this,
                    sampler::end,
                    open::remove);
            open.add(run);
            sampler.begin(run);
            return run;
        } finally {
            gate.unlock();
        }
    }
}
