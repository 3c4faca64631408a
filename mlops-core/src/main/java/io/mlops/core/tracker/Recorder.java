package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.DaemonThread;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.ExitHook;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the runs that are being recorded their turns, on the one daemon thread that brings them to the store: started with
 * the first run, ended by {@link #finishClosing}. Thread-safe.
 */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    /** So many runs that have ended may wait for the store to come back, each with one chunk and its facts. */
    private static final int MAX_WAITING = 1000;

    private static final String EXCESS = Delivery.Reason.TOO_MANY_RUNS_WAIT.toString();

    /** A store that hangs beyond the deadline gets an interrupt, and so long to obey it. */
    private static final Duration OBEYS_WITHIN = Duration.ofMillis(200);

    private static final Duration INTERRUPT_AGAIN = Duration.ofMillis(10);

    /** The time for runs of which the program knows already that they cannot be stored. */
    private static final Duration ONE_MORE_TRY = Duration.ofSeconds(1);

    private final MlopsConfig config;
    private final ChunkPool pool;
    private final ExitHook exit;
    /** One object, by which the hook knows this recorder. */
    private final Runnable flushAtExit = this::askAll;

    private final OpenRuns runs = new OpenRuns();
    /** Counted by the delivery thread. */
    private final AtomicLong rounds = new AtomicLong();

    /** The number of artifact puts that are under way, for which closing waits. */
    private final AtomicInteger puts = new AtomicInteger();

    private final Signal putsDone = new Signal();

    /** Held while a run is taken in and while closing begins, so that no thread is started afterwards. */
    private final ReentrantLock life = new ReentrantLock();
    /** Guarded by {@link #life}. */
    private @Nullable DaemonThread thread;
    /** So many were dropped when a flush told the program last. */
    private final AtomicLong droppedTold = new AtomicLong();

    /** The hook ends everything when the JVM ends. */
    Recorder(MlopsConfig config, ExitHook exit) {
        this.config = config;
        this.exit = exit;
        this.pool = new ChunkPool(config.recording().buffers(), System.nanoTime());
    }

    ChunkPool pool() {
        return pool;
    }

    void checkOpen() {
        runs.checkOpen();
    }

    /** Refuses a run that is being recorded here in another experiment. */
    void checkTakes(RunDraft draft) {
        runs.checkTakes(draft);
    }

    /** Takes a run in. */
    void begin(RunDelivery run) {
        life.lock();
        try {
            runs.add(run);
            if (thread == null) {
                thread = DaemonThread.start("delivery", this::loop);
            }
        } finally {
            life.unlock();
        }
        exit.set(flushAtExit);
        wake(run);
    }

    /** A run that is being recorded here and has not ended. */
    Optional<RunDelivery> find(RunId id) {
        return runs.find(id);
    }

    /** Takes note that an experiment has another name. */
    void renamed(String experiment, String to) {
        runs.renamed(experiment, to);
    }

    /** Whether a run of this experiment is being recorded here. */
    boolean recordsIn(String experiment) {
        return runs.all().stream().anyMatch(run -> run.draft().experiment().equals(experiment));
    }

    /** Says that a run has work; allocates nothing, since the recording calls come here. */
    void wake(RunDelivery run) {
        runs.wake(run);
    }

    /** Puts artifacts of a run, unless nothing more is taken. */
    <T> T put(RunId run, Supplier<T> put) {
        puts.incrementAndGet();
        try {
            checkTakesArtifacts(run, null);
            return put.get();
        } catch (BackendUnavailableException | IllegalStateException e) {
            // The backend may have been closed meanwhile, when closing could wait no longer.
            checkTakesArtifacts(run, e);
            throw e;
        } finally {
            if (puts.decrementAndGet() == 0) {
                putsDone.changed();
            }
        }
    }

    /** Tells of the reason for which nothing more is taken, if there is one, rather than of its effects. */
    void checkTakesArtifacts(RunId run, @Nullable RuntimeException effect) {
        CloseReason closed = runs.closed();
        if (closed != null) {
            throw new BackendUnavailableException(
                    closed.refusal() + ", and run " + run + " takes no more artifacts", effect != null, effect);
        }
    }

    Ticket ask(RunDelivery run, Ticket.Want want) {
        Ticket ticket = run.ask(want);
        if (runs.stopped()) {
            ticket.never();
        }
        wake(run);
        return ticket;
    }

    /** Waits until the store knows a run, or a try to make it has failed. */
    void awaitCreated(RunDelivery run) {
        if (!run.standing().known()) {
            boolean unused = ask(run, Ticket.Want.CREATED)
                    .await(Ticket.Until.TRIED, Deadline.in(config.closeWithin()), Interrupts.END_THE_WAIT);
        }
    }

    /** The number of times that the delivery thread was through with its work; it stands still while the store hangs. */
    long rounds() {
        return rounds.get();
    }

    Delivery snapshot() {
        return runs.snapshot();
    }

    /** Waits until everything recorded so far is durable; false, too, if something was dropped since this was asked last. */
    boolean flush(Duration within) {
        return flushed(askAll(), Deadline.in(within));
    }

    /** Waits until all that these tickets ask for is done. */
    boolean flushed(List<Ticket> asked, Deadline deadline) {
        boolean done = await(asked, deadline, Interrupts.END_THE_WAIT);
        long dropped = snapshot().lost();
        return droppedTold.getAndSet(dropped) == dropped && done;
    }

    /** Lets nobody wait for room any more: what finds none is dropped at once. */
    void waitNoMore() {
        pool.waitNoMore();
        runs.all().forEach(run -> run.buffer().waitNoMore());
    }

    /**
     * Takes nothing more, and asks for the end of all runs; those that have not ended are killed for this reason. Empty if
     * that was so already.
     */
    Optional<Closing> beginClosing(CloseReason reason, Instant at) {
        exit.closing();
        Optional<List<RunDelivery>> left;
        DaemonThread delivering;
        life.lock();
        try {
            left = runs.close(reason);
            delivering = thread;
        } finally {
            life.unlock();
        }
        return left.map(open -> {
            for (RunDelivery run : open) {
                run.buffer().dropMore(reason.dropped());
                run.askEnd(new RunOutcome.Killed(reason.ofRun()), at);
            }
            return new Closing(reason, delivering, open, ask(open));
        });
    }

    /** Delivers what it can in time, drops the rest, and ends the thread. */
    void finishClosing(Optional<Closing> begun, Deadline deadline) {
        if (begun.isEmpty()) {
            return;
        }
        Closing closing = begun.get();
        boolean told = !closing.asked().isEmpty();
        for (Asked asked : closing.asked()) {
            told &= asked.run().buffer().failures().told();
        }
        Deadline until = told ? deadline.orEarlier(Deadline.in(ONE_MORE_TRY)) : deadline;
        for (Asked asked : closing.asked()) {
            Ticket.Until enough = asked.run().buffer().failures().told() ? Ticket.Until.TRIED : Ticket.Until.DONE;
            boolean unused = asked.ticket().await(enough, until, Interrupts.PUT_OFF);
        }
        boolean unused = putsDone.await(() -> puts.get() == 0, until, Interrupts.PUT_OFF);
        runs.stop();
        DaemonThread delivering = closing.delivering();
        boolean over = delivering == null || delivering.awaitEnd(until, Interrupts.PUT_OFF);
        // Before any interrupt, after which a store may go on with what it hung in: it is counted once.
        closing.left().forEach(run -> run.drop(closing.reason().dropped()));
        if (delivering != null && !over) {
            interrupt(delivering);
        }
        exit.remove();
    }

    /** The work that is left when nothing more is taken: runs to deliver, what they were asked, the thread to end. */
    record Closing(CloseReason reason, @Nullable DaemonThread delivering, List<RunDelivery> left, List<Asked> asked) {}

    /** A run, and what it was asked for. */
    record Asked(RunDelivery run, Ticket ticket) {}

    /** Asks for everything recorded so far to become durable. */
    List<Ticket> askAll() {
        return ask(runs.all().stream().filter(run -> !run.allDurable()).toList()).stream()
                .map(Asked::ticket)
                .toList();
    }

    private List<Asked> ask(List<RunDelivery> asked) {
        return asked.stream()
                .filter(run -> !run.standing().over())
                .map(run -> new Asked(run, ask(run, Ticket.Want.DURABLE)))
                .toList();
    }

    private static boolean await(List<Ticket> tickets, Deadline deadline, Interrupts interrupts) {
        boolean all = true;
        for (Ticket ticket : tickets) {
            all &= ticket.await(Ticket.Until.DONE, deadline, interrupts);
        }
        return all;
    }

    /** Each interrupt ends one call of the store at most, and there may be some until the thread sees that it is to end. */
    private static void interrupt(DaemonThread delivering) {
        Deadline obeys = Deadline.in(OBEYS_WITHIN);
        boolean over = false;
        while (!over && !obeys.passed()) {
            delivering.interrupt();
            over = delivering.awaitEnd(Deadline.in(INTERRUPT_AGAIN).orEarlier(obeys), Interrupts.PUT_OFF);
        }
    }

    private void loop() {
        Deadline tickAt = Deadline.in(config.recording().flushEvery());
        Deadline retryAt = Deadline.never();
        while (true) {
            try {
                List<RunDelivery> work = runs.next(tickAt.orEarlier(retryAt));
                if (work == null) {
                    return;
                }
                boolean tick = tickAt.passed();
                if (tick) {
                    tickAt = Deadline.in(config.recording().flushEvery());
                }
                // When a retry was due, every run had its turn; otherwise those that wait still do.
                Deadline others = retryAt.passed() ? Deadline.never() : retryAt;
                deliver(work, tick ? Turn.PERIOD : Turn.WOKEN);
                dropExcess();
                pool.trim(System.nanoTime());
                retryAt = others.orEarlier(runs.forgetFinished(work));
            } catch (RuntimeException | Error e) {
                LOG.warn("delivery goes on after a failure of its own", e);
            }
            rounds.incrementAndGet();
        }
    }

    private void deliver(List<RunDelivery> work, Turn turn) {
        for (RunDelivery run : work) {
            if (runs.stopped()) {
                return;
            }
            run.attempt(turn);
        }
        if (pool.exhausted()) {
            // Chunks that are with the store but not durable hold the buffers up.
            runs.all().forEach(run -> run.attempt(Turn.NO_CHUNKS));
        }
    }

    /** A store that stays away may not fill the memory: of the runs that wait for it, the latest are dropped. */
    private void dropExcess() {
        List<RunDelivery> all = runs.all();
        if (all.size() > MAX_WAITING) {
            all.stream().filter(RunDelivery::waiting).skip(MAX_WAITING).forEach(run -> run.drop(EXCESS));
        }
    }
}
