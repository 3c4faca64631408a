package io.mlops.core.tracker;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Page;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.artifact.StoredArtifacts;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.ExitHook;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.query.NotFound;
import io.mlops.core.query.RunSearch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tracker over any backend. Thread-safe. */
public final class StoredTracker implements RecordingTracker {
    private static final Logger LOG = LoggerFactory.getLogger(StoredTracker.class);

    private final Backend backend;
    private final MlopsConfig config;
    private final ClampedClock clock;
    private final Recorder recorder;
    /** Made once, since each open run holds it. */
    private final Consumer<RunDelivery> wake;

    private final RunIds ids;
    private final DeliveryLog log = new DeliveryLog();
    private final DeletedExperiments deleted;
    private final Onward onward;
    private final EnvironmentCapture environment;
    private final Sampler sampler;

    /**
     * A tracker that keeps its runs in the backend, which stays the caller's.
     *
     * @param atExit what to do when the JVM ends while runs are recorded
     */
    public StoredTracker(Backend backend, MlopsConfig config, EnvironmentSources sources, Runnable atExit) {
        this(
                backend,
                config,
                new ExitHook(config.program().exitHook() ? config.closeWithin() : null, atExit),
                new EnvironmentCapture(sources.collector()),
                new Sampler(config.environment().sampleEvery(), sources.readings()));
    }

    StoredTracker(Backend backend, MlopsConfig config, ExitHook exit, EnvironmentCapture environment, Sampler sampler) {
        this(
                backend,
                config,
                exit,
                environment,
                sampler,
                new DeletedExperiments(backend.experiments()),
                Onward.NOWHERE);
    }

    /**
     * A tracker whose store is on the way to another one.
     *
     * @param deleted what is deleted there
     */
    StoredTracker(
            Backend backend,
            MlopsConfig config,
            ExitHook exit,
            EnvironmentCapture environment,
            Sampler sampler,
            DeletedExperiments deleted,
            Onward onward) {
        this.backend = backend;
        this.config = config;
        this.clock = new ClampedClock(config.program().clock());
        this.recorder = new Recorder(config, exit);
        this.wake = recorder::wake;
        this.ids = new RunIds(clock);
        this.deleted = deleted;
        this.onward = onward;
        this.environment = environment;
        this.sampler = sampler;
    }

    @Override
    public Run start(RunSpec spec) {
        recorder.checkOpen();
        RunId own = spec.id();
        RunInfo known = own == null ? null : findUnlessDown(own);
        if (known != null) {
            GoingOn.check(known, spec.experiment(), "");
            Run run = begin(draft(known), Standing.RESUMING, known, null);
            spec.tags().forEach(run::tag);
            return run;
        }
        deleted.check(spec.experiment());
        return begin(draft(spec), Standing.NEW, null, null);
    }

    @Override
    public Run startChild(RunSpec spec) {
        recorder.checkOpen();
        deleted.check(spec.experiment());
        return begin(draft(spec), Standing.NEW_CHILD, null, null);
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        awaitCreated(run);
        return backend.runs().find(run);
    }

    @Override
    public RunInfo get(RunId run) {
        awaitCreated(run);
        return backend.runs().get(run);
    }

    @Override
    public Listing<RunInfo> search(RunQuery query) {
        return search(query, recorder);
    }

    /** Searches for runs where another recorder may be about to make some. */
    Listing<RunInfo> search(RunQuery query, Recorder other) {
        // Refuses a wrong query now rather than when somebody reads the results.
        RunSearch unused = RunSearch.of(query);
        return Listing.of(
                FoundRuns.shown(query), new FoundRuns(backend.runs(), query, name -> checkExperiment(name, other)));
    }

    @Override
    public Listing<MetricPoint> history(RunId run, String metric) {
        return Listing.of("points of metric '" + metric + "' of run " + run, page -> {
            awaitCreated(run);
            Page<MetricPoint> points = backend.runs().history(run, metric, page);
            if (points.items().isEmpty() && points.next() == null && page.token() == null) {
                checkMetric(run, metric);
            }
            return points;
        });
    }

    /**
     * Refuses a search in an experiment that is not there, unless a run that is being recorded here is about to make it.
     */
    private void checkExperiment(String name, Recorder other) {
        if (!recorder.recordsIn(name) && !other.recordsIn(name)) {
            Experiment unused = experiments().get(name);
        }
    }

    /** Refuses a metric that a run will never have; one that runs may still measure it. */
    private void checkMetric(RunId run, String metric) {
        RunInfo info = backend.runs().get(run);
        if (info.status().ended() && !info.metrics().containsKey(metric)) {
            throw NotFound.metric(
                    run, metric, backend.info().name(), info.metrics().keySet());
        }
    }

    @Override
    public void change(RunId run, RunChange change) {
        awaitCreated(run);
        backend.runs().change(run, List.of(change));
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
        awaitCreated(run);
        return backend.runs().environment(run);
    }

    @Override
    public Artifacts artifacts(RunId run) {
        awaitCreated(run);
        return new StoredArtifacts(backend.artifacts(), run);
    }

    @Override
    public Experiments experiments() {
        return experiments(clock);
    }

    /** The experiments, changed at the times of this clock. */
    Experiments experiments(ClampedClock times) {
        return new StoredExperiments(backend, recorder, deleted, times);
    }

    DeletedExperiments deleted() {
        return deleted;
    }

    @Override
    public void ensureStored(RunId run) {
        Optional<RunDelivery> here = recorder.find(run);
        if (here.isEmpty()) {
            if (get(run).deleted()) {
                throw new ConflictException("run " + run + " is deleted: restore it first");
            }
            return;
        }
        Ticket ticket = recorder.ask(here.get(), Ticket.Want.DURABLE);
        if (!ticket.await(Ticket.Until.TRIED, Deadline.in(config.closeWithin()), Interrupts.PUT_OFF)) {
            throw new BackendUnavailableException("run " + run + " could not be stored", false, ticket.failure());
        }
    }

    @Override
    public void produced(RunId run, ModelVersionId version) {
        RunFact fact = new RunFact.Produced(version);
        Optional<RunDelivery> here = recorder.find(run);
        if (here.isPresent()) {
            here.get().buffer().add(fact, true);
        } else {
            change(run, fact);
        }
    }

    @Override
    public Delivery delivery() {
        return recorder.snapshot();
    }

    @Override
    public boolean flush(Duration within) {
        return recorder.flush(within);
    }

    @Override
    public void close(Duration within, CloseReason reason) {
        Deadline deadline = Deadline.in(within);
        environment.stop();
        sampler.stop();
        recorder.finishClosing(recorder.beginClosing(reason, clock.instant()), deadline);
        // What hangs there may take what time is left, but none of what the runs need.
        sampler.join(deadline);
        environment.join(deadline);
    }

    @Override
    public String toString() {
        return "tracker of " + backend.info().name();
    }

    Recorder recorder() {
        return recorder;
    }

    Backend backend() {
        return backend;
    }

    /** A draft of a new run. */
    RunDraft draft(RunSpec spec) {
        RunId own = spec.id();
        RunId id = own == null ? ids.next() : own;
        String name = spec.name();
        return new RunDraft(
                id,
                spec.experiment(),
                name == null ? id.value() : name,
                clock.instant(),
                spec.parent(),
                tags(spec),
                own == null);
    }

    /** The tags of a new run: name and parent stand there, too, where programs that know MLflow look for them. */
    private static Map<String, String> tags(RunSpec spec) {
        String name = spec.name();
        RunId parent = spec.parent();
        if (name == null && parent == null) {
            return spec.tags();
        }
        Map<String, String> tags = new TreeMap<>(spec.tags());
        if (name != null) {
            tags.put(RunFact.NAME_TAG, name);
        }
        if (parent != null) {
            tags.put(RunFact.PARENT_TAG, parent.value());
        }
        return tags;
    }

    /** Waits for a run that was started here a moment ago, which whoever asks for it expects in the store. */
    private void awaitCreated(RunId run) {
        recorder.find(run).ifPresent(recorder::awaitCreated);
    }

    /** A draft of a run that the store has. */
    static RunDraft draft(RunInfo known) {
        return new RunDraft(
                known.id(), known.experiment(), known.name(), known.started(), known.parent(), known.tags());
    }

    /** Records a run, or drops all that comes for it for a reason that is known already. */
    RecordedRun begin(RunDraft draft, Standing standing, @Nullable RunInfo known, @Nullable String dropsBecause) {
        RunDelivery delivery = new RunDelivery(
                backend.runs(),
                draft,
                standing,
                ids.writer(),
                recorder.pool(),
                wake,
                config.recording(),
                clock,
                log,
                deleted,
                onward::stored);
        // What it begins with takes room, too.
        delivery.buffer().continueFrom(known == null ? draft.begun(draft.id().value()) : known);
        if (dropsBecause != null) {
            delivery.drop(dropsBecause);
        }
        onward.begun(delivery);
        try {
            recorder.begin(delivery);
        } catch (RuntimeException e) {
            delivery.drop(Delivery.Reason.of(e).toString());
            throw e;
        }
        environment.begin(delivery.buffer());
        RecordedRun run =
                new RecordedRun(recorder, config, clock, delivery, backend.artifacts(), this, this::beforeEnd, onward);
        sampler.begin(run);
        return run;
    }

    /** Sees to it that a run has its environment before it takes nothing more. */
    private void beforeEnd(RecordedRun run, Deadline deadline) {
        sampler.end(run);
        environment.await(run.id(), run.buffer(), deadline);
    }

    @Nullable
    RunInfo findUnlessDown(RunId id) {
        try {
            return find(id).orElse(null);
        } catch (BackendUnavailableException e) {
            if (config.recording().failures() == FailurePolicy.FAIL) {
                throw e;
            }
            LOG.warn("run {} begins without knowing whether it began before: the store cannot be asked", id, e);
            return null;
        }
    }
}
