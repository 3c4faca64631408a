package io.mlops.core.sync;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the runs of a spool to where they are for, on four threads at most, a run always on the same one: full batches at
 * once, other news within a second. A run that has ended and was brought leaves the spool. Thread-safe.
 */
public final class Forwarder implements Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private static final int THREADS = 4;
    /** So many points are worth a request of their own. */
    private static final long BATCH = 999;

    private static final Duration NEWS_WITHIN = Duration.ofSeconds(1);
    private static final Duration ONCE_MORE = Duration.ofSeconds(1);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(60);
    /** A run whose program died stays for so long, so that its job may go on. */
    private static final Duration MAY_GO_ON = Duration.ofDays(1);

    private final Ends ends;
    private final Source source;
    private final InstantSource clock;
    private final Outage outage = new Outage();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Signal answered = new Signal();
    private final Object guard = new Object();
    private final List<Lane> lanes;
    /** Those that this program records, and those that wait; guarded, as all below. */
    private final Map<RunId, ForwardedRun> runs = new HashMap<>();

    private boolean stopped;

    /**
     * A forwarder without work; both backends stay the caller's.
     *
     * @param folder where the spool lies, for messages
     * @param source whoever records into the spool
     */
    public Forwarder(Backend spool, Backend target, String folder, Source source, InstantSource clock) {
        this.ends = new Ends(spool, target, folder);
        this.source = source;
        this.clock = clock;
        this.lanes = IntStream.range(0, THREADS)
                .mapToObj(i -> new Lane(guard, outage, this::bring))
                .toList();
    }

    // ---- by anybody

    @Override
    public void begun(RunId run, boolean fresh) {
        synchronized (guard) {
            runs.computeIfAbsent(run, id -> new ForwardedRun(id, laneOf(id), fresh));
        }
    }

    @Override
    public void changed(RunId run, long points) {
        ForwardedRun changed;
        synchronized (guard) {
            if (stopped) {
                return;
            }
            changed = get(run);
            changed.ask(changed.points(points) >= BATCH ? Deadline.now() : Deadline.in(NEWS_WITHIN));
            changed.lane().add(changed);
        }
        changed.lane().wake();
    }

    @Override
    public boolean brought(Collection<RunId> wanted, Patience patience, Deadline deadline, Interrupts interrupts) {
        List<Wait> waits = new ArrayList<>();
        synchronized (guard) {
            // What was stored a moment ago may not have been told yet, so that each is looked at.
            wanted.forEach(run -> waits.add(ask(get(run), patience)));
        }
        return await(waits, patience, deadline, interrupts);
    }

    @Override
    public boolean broughtAll(Patience patience, Deadline deadline, Interrupts interrupts) {
        List<Wait> waits = new ArrayList<>();
        synchronized (guard) {
            for (ForwardedRun run : runs.values()) {
                if (run.hasWork()) {
                    waits.add(ask(run, patience));
                }
            }
        }
        return await(waits, patience, deadline, interrupts);
    }

    @Override
    public boolean away() {
        return outage.away();
    }

    @Override
    public void close() {
        synchronized (guard) {
            stopped = true;
            lanes.forEach(Lane::stop);
        }
        lanes.forEach(Lane::wake);
        answered.changed();
        lanes.forEach(Lane::join);
    }

    private ForwardedRun get(RunId run) {
        return runs.computeIfAbsent(run, id -> new ForwardedRun(id, laneOf(id), false));
    }

    private Lane laneOf(RunId run) {
        return lanes.get(Math.floorMod(run.hashCode(), THREADS));
    }

    // ---- waiting

    private Wait ask(ForwardedRun run, Patience patience) {
        run.tryAgain();
        run.ask(Deadline.now());
        if (patience != Patience.WHILE_IT_ANSWERS) {
            run.askFor();
        }
        run.awaited(patience == Patience.TO_THE_END);
        if (!stopped) {
            run.lane().add(run);
        }
        return new Wait(run, run.asked(), run.tries());
    }

    private boolean await(List<Wait> waits, Patience patience, Deadline deadline, Interrupts interrupts) {
        lanes.forEach(Lane::wake);
        try {
            boolean unused = answered.await(() -> answer(waits, patience) != Wait.Answer.NONE, deadline, interrupts);
            return answer(waits, patience) == Wait.Answer.BROUGHT;
        } finally {
            synchronized (guard) {
                waits.forEach(wait -> wait.run().released(patience == Patience.TO_THE_END));
            }
        }
    }

    private Wait.Answer answer(List<Wait> waits, Patience patience) {
        synchronized (guard) {
            boolean givesUp = stopped || (patience == Patience.WHILE_IT_ANSWERS && outage.away());
            return Wait.answer(waits, patience == Patience.TO_THE_END, givesUp);
        }
    }

    // ---- by the threads of the lanes

    private void bring(ForwardedRun.Turn turn) {
        RunId run = turn.run().id();
        long stored = 0;
        boolean gone = false;
        Deadline again = null;
        try {
            stored = source.stored(run);
            gone = tryToBring(turn, stored);
        } catch (BackendUnavailableException e) {
            again = away(turn, e);
        } catch (RuntimeException e) {
            gone = isGone(run, e);
            if (gone) {
                source.lost(run, stored, Delivery.Reason.MISSING);
            } else {
                outage.worked(turn.pass());
                again = refused(turn, stored, e);
            }
        } catch (Error e) {
            // Out of memory elsewhere must not end the thread.
            again = away(turn, e);
        } finally {
            outage.over(turn.pass());
            end(turn, gone, again);
        }
        lanes.forEach(Lane::wake);
        answered.changed();
    }

    /** Returns whether the run has left the spool. */
    private boolean tryToBring(ForwardedRun.Turn turn, long stored) {
        ForwardedRun run = turn.run();
        Delivery.Reason hopeless;
        synchronized (guard) {
            hopeless = run.hopeless();
        }
        if (hopeless != null) {
            source.lost(run.id(), stored, hopeless);
            return false;
        }
        RunCopy copy = run.copy(ends);
        boolean asks = !copy.knowsTarget();
        Brought brought = copy.bring();
        if (asks || brought.changed()) {
            outage.worked(turn.pass());
        }
        brought.lost().forEach((reason, count) -> tell(run.id(), reason.toString(), null));
        source.brought(run.id(), stored, brought.lost());
        RuntimeException refusal = copy.artifactRefusal();
        if (refusal != null) {
            throw new RefusedException("an artifact of run " + run.id() + ": " + refusal.getMessage(), refusal);
        }
        return (brought.run().status().ended() || isOver(brought.run())) && leave(turn, stored);
    }

    /** Whether nobody goes on with a run that has not ended. */
    private boolean isOver(RunInfo run) {
        Instant seen = run.started();
        for (MetricSummary metric : run.metrics().values()) {
            Instant at = metric.latest().time();
            seen = at.isAfter(seen) ? at : seen;
        }
        return !source.writes(run.id()) && seen.isBefore(clock.instant().minus(MAY_GO_ON));
    }

    private boolean leave(ForwardedRun.Turn turn, long stored) {
        RunId run = turn.run().id();
        if (!source.leaves(run)) {
            if (!source.writes(run)) {
                // Somebody reads or changes it this moment.
                changed(run, 0);
            }
            return false;
        }
        boolean gone = false;
        try {
            // Something that came meanwhile is to be brought first.
            if (isUpToDate(turn) && source.stored(run) == stored) {
                ends.spool().runs().discard(run);
                gone = true;
            }
        } catch (MlopsException e) {
            LOG.debug("run {} was brought and stays in {}", run, ends.folder(), e);
        } finally {
            source.left(run, gone);
        }
        return gone;
    }

    private boolean isUpToDate(ForwardedRun.Turn turn) {
        synchronized (guard) {
            return turn.run().asked() == turn.asked();
        }
    }

    private void end(ForwardedRun.Turn turn, boolean gone, @Nullable Deadline again) {
        ForwardedRun run = turn.run();
        synchronized (guard) {
            if (again == null) {
                run.worked(turn);
            } else {
                run.failed(turn, again);
            }
            if (gone && run.asked() == turn.asked() && !source.writes(run.id())) {
                runs.remove(run.id(), run);
            } else if (run.hasWork() && !stopped) {
                run.lane().add(run);
            }
        }
    }

    private Deadline away(ForwardedRun.Turn turn, Throwable why) {
        boolean ending;
        synchronized (guard) {
            ending = stopped;
        }
        if (outage.failed(turn.pass()) && !ending) {
            LOG.warn(
                    "{} cannot be reached now: what is recorded waits in {}, and is brought there by this program or the"
                            + " next one on this machine that records for it",
                    target(),
                    ends.folder(),
                    why);
        } else {
            LOG.debug("{} cannot be reached yet", target(), why);
        }
        return Deadline.now();
    }

    /** Whether somebody removed a run from the spool. */
    private boolean isGone(RunId run, RuntimeException why) {
        try {
            return why instanceof NotFoundException
                    && ends.spool().runs().find(run).isEmpty();
        } catch (RuntimeException unknown) {
            return false;
        }
    }

    /** Drops a run that the target will never take; for one that it may take later, returns when to try again. */
    private @Nullable Deadline refused(ForwardedRun.Turn turn, long stored, RuntimeException why) {
        RunId run = turn.run().id();
        boolean hopeless = why instanceof ConflictException
                || why instanceof UnsupportedByBackendException
                || why instanceof CorruptDataException;
        if (!hopeless) {
            if (told.add(why.getClass().getName())) {
                LOG.warn("run {} waits in {}, since {} refuses it now", run, ends.folder(), target(), why);
            }
            return Deadline.in(why instanceof NotFoundException ? ONCE_MORE : REFUSED_FOR);
        }
        Delivery.Reason reason = reason(run, why);
        synchronized (guard) {
            turn.run().hopeless(reason);
        }
        source.lost(run, stored, reason);
        tell(run, reason.toString(), why);
        return null;
    }

    private Delivery.Reason reason(RunId run, RuntimeException why) {
        try {
            boolean deleted = why instanceof ConflictException
                    && ends.spool()
                            .runs()
                            .find(run)
                            .flatMap(info -> ends.target().experiments().find(info.experiment()))
                            .map(Experiment::deleted)
                            .orElse(false);
            return deleted ? Delivery.Reason.EXPERIMENT_DELETED : Delivery.Reason.of(why);
        } catch (RuntimeException unknown) {
            return Delivery.Reason.of(why);
        }
    }

    private void tell(RunId run, String reason, @Nullable RuntimeException why) {
        if (told.add(reason)) {
            LOG.warn(
                    "run {}: something that {} does not take is dropped: {}; delivery() counts it",
                    run,
                    target(),
                    reason,
                    why);
        }
    }

    private String target() {
        return ends.target().info().name();
    }
}
