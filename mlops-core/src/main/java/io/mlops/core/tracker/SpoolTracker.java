package io.mlops.core.tracker;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.RunDraft;
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
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.ExitHook;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.delivery.Interrupts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records every run into a spool on this machine, from where it goes on to the store that it is for, which training does not
 * notice to be up, slow or down. Without a spool, and when that is full, runs go straight to the store. Thread-safe.
 */
public final class SpoolTracker implements RecordingTracker {
    private final Backend store;
    private final MlopsConfig config;
    private final ClampedClock clock;
    private final Spool.Maker maker;
    private final ExitHook exit;
    private final EnvironmentCapture environment;
    private final Sampler sampler;
    private final SpooledRuns runs = new SpooledRuns();
    /** Records straight to the store, and reads there. */
    private final StoredTracker direct;

    /** Held while the spool is opened, and while all is closed. */
    private final ReentrantLock life = new ReentrantLock();
    /** Written under {@link #life}. */
    private volatile @Nullable Here here;
    /** The tracker of the spool, also after the end, for the account; written under {@link #life}. */
    private volatile @Nullable StoredTracker spooling;
    /** Whether no spool is opened any more; written under {@link #life}. */
    private volatile boolean without;

    /** What there is once the spool is open. */
    private record Here(Spool spool, StoredTracker tracker, SpoolReads reads, SpoolForward onward) {}

    /**
     * A tracker for a store that lies across a network, which stays the caller's.
     *
     * @param maker opens the spool, with the first run or if there is one already
     * @param atExit what to do when the JVM ends while runs are recorded
     */
    public SpoolTracker(
            Backend store, MlopsConfig config, EnvironmentSources sources, Spool.Maker maker, Runnable atExit) {
        this.store = store;
        this.config = config;
        this.clock = new ClampedClock(config.program().clock());
        this.maker = maker;
        this.exit = new ExitHook(config.program().exitHook() ? config.closeWithin() : null, atExit);
        this.environment = new EnvironmentCapture(sources.collector());
        this.sampler = new Sampler(config.environment().sampleEvery(), sources.readings());
        this.direct = new StoredTracker(store, config, exit, environment, sampler);
        // What an earlier process left goes on, whether this one records or not.
        Here unused = open(false);
    }

    private @Nullable Here open(boolean make) {
        if (here != null || without) {
            return here;
        }
        life.lock();
        try {
            Spool spool = here == null && !without ? maker.open(runs, make) : null;
            if (spool != null) {
                SpoolReads reads = new SpoolReads(spool, runs, config.closeWithin());
                SpooledArtifacts artifacts = new SpooledArtifacts(spool.store().artifacts(), store.artifacts(), reads);
                SpooledStore spooled = new SpooledStore(spool.store(), artifacts);
                SpoolForward onward = new SpoolForward(spool, runs, store.info().name());
                StoredTracker tracker =
                        new StoredTracker(spooled, config, exit, environment, sampler, direct.deleted(), onward);
                spooling = tracker;
                here = new Here(spool, tracker, reads, onward);
            }
            without |= make && here == null;
            return here;
        } finally {
            life.unlock();
        }
    }

    // ---- recording

    @Override
    public Run start(RunSpec spec) {
        direct.recorder().checkOpen();
        Here in = open(true);
        if (in == null) {
            return direct.start(spec);
        }
        RunId own = spec.id();
        if (own == null) {
            return (in.spool().full() ? direct : in.tracker()).start(spec);
        }
        runs.hold(own);
        try {
            return goOn(in, own, spec);
        } finally {
            runs.release(own);
        }
    }

    /** Goes on where the spool is, else where the store is, so that steps do. */
    private Run goOn(Here in, RunId own, RunSpec spec) {
        if (in.tracker().findUnlessDown(own) != null) {
            return in.tracker().start(spec);
        }
        if (in.spool().full()) {
            return direct.start(spec);
        }
        RunInfo known = direct.findUnlessDown(own);
        if (known == null) {
            return in.tracker().start(spec);
        }
        GoingOn.check(known, spec.experiment(), "");
        runs.continues(known.id());
        // At a time of its own, by which it is seen to go on when it is brought.
        RunDraft draft =
                new RunDraft(known.id(), known.experiment(), known.name(), clock.instant(), known.parent(), Map.of());
        Run run = in.tracker().begin(draft, Standing.NEW, known, null);
        spec.tags().forEach(run::tag);
        return run;
    }

    @Override
    public Run startChild(RunSpec spec) {
        direct.recorder().checkOpen();
        Here in = open(true);
        return (in == null || in.spool().full() ? direct : in.tracker()).startChild(spec);
    }

    // ---- runs of anybody

    private <T> T read(RunId run, Function<StoredTracker, T> read) {
        Here in = open(false);
        return in == null
                ? read.apply(direct)
                : in.reads().either(run, () -> read.apply(in.tracker()), () -> read.apply(direct));
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        return read(run, tracker -> tracker.find(run));
    }

    @Override
    public RunInfo get(RunId run) {
        return read(run, tracker -> tracker.get(run));
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return read(run, tracker -> tracker.environment(run));
    }

    @Override
    public Artifacts artifacts(RunId run) {
        return read(run, tracker -> tracker.artifacts(run));
    }

    @Override
    public Listing<RunInfo> search(RunQuery query) {
        Here in = open(false);
        return in == null
                ? direct.search(query)
                : new SpoolExperiments.AfterAMoment<>(
                        direct.search(query, in.tracker().recorder()), in.reads(), in.reads()::giveAMoment);
    }

    @Override
    public Listing<MetricPoint> history(RunId run, String metric) {
        Here in = open(false);
        Listing<MetricPoint> points = direct.history(run, metric);
        return in == null
                ? points
                : new SpoolExperiments.AfterAMoment<>(points, in.reads(), () -> {
                    // Of one that has just begun, the spool may not know yet.
                    if (in.tracker().find(run).isPresent()) {
                        boolean unused = in.reads().bring(run);
                    }
                });
    }

    @Override
    public Experiments experiments() {
        Here in = open(false);
        return in == null
                ? direct.experiments()
                : new SpoolExperiments(
                        direct.experiments(), in.reads(), in.tracker().recorder(), clock);
    }

    @Override
    public void change(RunId run, RunChange change) {
        Here in = open(false);
        if (in == null) {
            direct.change(run, change);
        } else if (changeInSpool(in, run, change)) {
            boolean unused = in.reads().bring(run);
        } else {
            boolean unused = in.reads().inStore(() -> {
                direct.change(run, change);
                return true;
            });
        }
    }

    /** The store knows more of a run than the spool, such as what came out of it, and is told if it can be. */
    private boolean changeInSpool(Here in, RunId run, RunChange change) {
        if (!runs.writes(run) && in.reads().has(run)) {
            boolean unused = in.reads().bring(run);
        }
        runs.hold(run);
        try {
            boolean has = in.reads().has(run);
            if (has) {
                in.tracker().change(run, change);
                in.spool().forwarding().changed(run, 0);
            }
            return has;
        } finally {
            runs.release(run);
        }
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
    public void ensureStored(RunId run) {
        Here in = open(false);
        if (in != null && in.reads().has(run)) {
            runs.hold(run);
            try {
                in.tracker().ensureStored(run);
            } finally {
                runs.release(run);
            }
            if (!in.reads().bring(run, Forwarding.Patience.ONE_TRY)) {
                throw new BackendUnavailableException(
                        "run " + run + " is stored in " + in.spool().folder() + ", but not in "
                                + store.info().name()
                                + " yet, which what comes out of it needs: try again when that answers",
                        false,
                        null);
            }
            return;
        }
        direct.ensureStored(run);
    }

    @Override
    public String whenAway() {
        Here in = here;
        return in == null
                ? ""
                : ": versions and aliases need the store itself, while what runs record waits in "
                        + in.spool().folder()
                        + "; try again when it answers, or put the files into a run now and register them later, by"
                        + " ModelSpec.ofArtifacts";
    }

    @Override
    public void produced(RunId run, ModelVersionId version) {
        Here in = open(false);
        if (in != null && in.tracker().recorder().find(run).isPresent()) {
            in.tracker().produced(run, version);
        } else if (direct.recorder().find(run).isPresent()) {
            direct.produced(run, version);
        } else {
            change(run, new RunFact.Produced(version));
        }
    }

    // ---- all of it

    @Override
    public Delivery delivery() {
        StoredTracker recorded = spooling;
        Delivery straight = direct.delivery();
        if (recorded == null) {
            return straight;
        }
        Delivery spooled = runs.account(recorded::delivery);
        Map<String, Long> dropped = new TreeMap<>(spooled.dropped());
        straight.dropped().forEach((reason, count) -> dropped.merge(orSpoolFull(reason), count, Long::sum));
        return new Delivery(
                spooled.accepted() + straight.accepted(),
                spooled.delivered() + straight.delivered(),
                spooled.durable() + straight.durable(),
                spooled.pending() + straight.pending(),
                dropped);
    }

    /** What found no room in memory would have found some in the spool. */
    private static String orSpoolFull(String reason) {
        boolean noRoom = reason.equals(Delivery.Reason.BUFFER_FULL.toString())
                || reason.equals(Delivery.Reason.TOO_MANY_RUNS_WAIT.toString());
        return noRoom ? Delivery.Reason.SPOOL_FULL.toString() : reason;
    }

    @Override
    public boolean flush(Duration within) {
        Deadline deadline = Deadline.in(within);
        Here in = here;
        boolean all = true;
        if (in != null) {
            all = in.tracker().flush(within);
            all &= in.spool()
                    .forwarding()
                    .brought(runs.all(), Forwarding.Patience.TO_THE_END, deadline, Interrupts.END_THE_WAIT);
            all &= !runs.takeLost();
        }
        return direct.flush(left(deadline)) && all;
    }

    @Override
    public void close(Duration within, CloseReason reason) {
        Deadline deadline = Deadline.in(within);
        Here in;
        life.lock();
        try {
            in = here;
            without = true;
            here = null;
        } finally {
            life.unlock();
        }
        if (in != null) {
            // The disk answers at once; what went straight to the store may have to wait.
            in.tracker().close(within, reason);
        }
        direct.close(left(deadline), reason);
        if (in != null) {
            boolean all = in.spool()
                    .forwarding()
                    .brought(runs.all(), Forwarding.Patience.ONE_TRY, deadline, Interrupts.PUT_OFF);
            in.onward().told(all, "what was recorded");
            in.spool().close();
        }
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(Math.max(0, deadline.nanosLeft()));
    }

    @Override
    public String toString() {
        return "tracker of " + store.info().name();
    }
}
