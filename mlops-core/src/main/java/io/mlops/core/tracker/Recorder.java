package io.mlops.core.tracker;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that are being recorded, and the one daemon thread that brings them to the store: started with the first run,
 * ended by {@link #finishClosing}. Thread-safe.
 */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    /** So many runs that have ended may wait for the store to come back, each with one chunk and its facts. */
    private static final int MAX_WAITING = 1000;

    private final RecordingSettings settings;
    private final ChunkPool pool;
    private final ExitHook exit;
    private final Object lock = new Object();
    private final Set<RunDelivery> open = new LinkedHashSet<>();
    private final ArrayDeque<RunDelivery> ready = new ArrayDeque<>();
    private final Account ended = new Account();
    private @Nullable Thread thread;
    private boolean closed;
    private boolean stopped;
    private final AtomicLong rounds = new AtomicLong();
    /** How much of what was lost the program has been told of by a flush. */
    private long lossTold;

    /** The hook ends everything when the JVM ends. */
    Recorder(RecordingSettings settings, ExitHook exit) {
        this.settings = settings;
        this.exit = exit;
        this.pool = new ChunkPool(settings.buffers(), System.nanoTime());
    }

    ChunkPool pool() {
        return pool;
    }

    void checkOpen() {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("this Mlops is closed and records nothing more");
            }
        }
    }

    /** Refuses a run that is being recorded here in another experiment. */
    void checkTakes(RunDraft draft) {
        synchronized (lock) {
            checkOpen();
            for (RunDelivery other : open) {
                other.checkSame(draft);
            }
        }
    }

    /** Takes a run in. */
    void begin(RunDelivery run) {
        synchronized (lock) {
            if (run.finished()) {
                checkOpen();
            } else {
                checkTakes(run.draft());
            }
            open.add(run);
            if (thread == null) {
                thread = startThread();
            }
        }
        exit.set();
        wake(run);
    }

    /** A run that is being recorded here and has not ended. */
    Optional<RunDelivery> find(RunId id) {
        synchronized (lock) {
            return open.stream()
                    .filter(run -> run.id().equals(id) && !run.buffer().ended())
                    .findFirst();
        }
    }

    /** Says that a run has work; allocates nothing, since the recording calls come here. */
    void wake(RunDelivery run) {
        synchronized (lock) {
            if (!run.queued()) {
                run.queued(true);
                ready.add(run);
                lock.notifyAll();
            }
        }
    }

    Ticket ask(RunDelivery run, Ticket.Want want) {
        Ticket ticket = run.ask(want);
        synchronized (lock) {
            if (stopped) {
                ticket.giveUp();
            }
        }
        wake(run);
        return ticket;
    }

    /** Waits until the store knows a run, or a try to make it has failed. */
    void awaitCreated(RunDelivery run) {
        if (!run.created()) {
            boolean unused = ask(run, Ticket.Want.CREATED).await(Deadline.in(settings.endWithin()), true, true);
        }
    }

    /** How often the delivery thread was through with its work; it grows no more while the store hangs. */
    long rounds() {
        return rounds.get();
    }

    Delivery snapshot() {
        synchronized (lock) {
            Account sum = new Account();
            sum.add(ended);
            open.forEach(run -> run.buffer().addTo(sum));
            return sum.snapshot();
        }
    }

    /** Waits until everything recorded so far is durable; false, too, if something was lost since this was asked last. */
    boolean flush(Duration within) {
        return flushed(askAll(), Deadline.in(within));
    }

    /** Waits until all that these tickets ask for is done. */
    boolean flushed(List<Ticket> asked, long deadline) {
        boolean done = await(asked, deadline, true);
        long lost = snapshot().lost();
        synchronized (lock) {
            boolean complete = done && lost == lossTold;
            lossTold = lost;
            return complete;
        }
    }

    /** Lets nobody wait for room any more: what finds none is dropped at once. */
    void waitNoMore() {
        pool.waitNoMore();
        List<RunDelivery> all;
        synchronized (lock) {
            all = List.copyOf(open);
        }
        all.forEach(run -> run.buffer().waitNoMore());
    }

    /**
     * Takes nothing more and asks for the end of all there is: what has not ended does for this reason. Empty if that was
     * so already.
     */
    Optional<Closing> beginClosing(String reason, Instant at) {
        List<RunDelivery> left;
        Thread delivering;
        synchronized (lock) {
            if (closed) {
                return Optional.empty();
            }
            closed = true;
            delivering = thread;
            left = List.copyOf(open);
        }
        for (RunDelivery run : left) {
            run.buffer().refuseMore("closed");
            run.askEnd(new RunOutcome.Killed(reason), at);
        }
        return Optional.of(new Closing(delivering, left, ask(left)));
    }

    /** Delivers what it can in time, drops the rest, and ends the thread. */
    void finishClosing(Optional<Closing> begun, long deadline) {
        if (begun.isEmpty()) {
            return;
        }
        Closing closing = begun.get();
        await(closing.asked(), deadline, false);
        Thread delivering = closing.delivering();
        if (delivering != null) {
            stop(delivering, deadline);
        }
        closing.left().forEach(run -> run.abandon("closed"));
        exit.remove();
    }

    /** What is left to do when nothing more is taken. */
    record Closing(@Nullable Thread delivering, List<RunDelivery> left, List<Ticket> asked) {}

    /** Asks for everything recorded so far. */
    List<Ticket> askAll() {
        List<RunDelivery> all;
        synchronized (lock) {
            all = List.copyOf(open);
        }
        return ask(all.stream().filter(run -> !run.settled()).toList());
    }

    private List<Ticket> ask(List<RunDelivery> runs) {
        return runs.stream()
                .filter(run -> !run.finished())
                .map(run -> ask(run, Ticket.Want.DURABLE))
                .toList();
    }

    private static boolean await(List<Ticket> tickets, long deadline, boolean interruptible) {
        boolean all = true;
        for (Ticket ticket : tickets) {
            all &= ticket.await(deadline, false, interruptible);
        }
        return all;
    }

    private void stop(Thread delivering, long deadline) {
        synchronized (lock) {
            stopped = true;
            lock.notifyAll();
        }
        boolean interrupted = Thread.interrupted();
        boolean gone = false;
        // A store that hangs beyond the deadline gets one interrupt and a moment to obey it.
        for (int round = 0; round < 2 && !gone; round++) {
            try {
                long left = round == 0 ? deadline - System.nanoTime() : 200_000_000L;
                delivering.join(Math.max(1, left / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            gone = !delivering.isAlive();
            if (!gone) {
                delivering.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread startThread() {
        Thread delivering = new Thread(this::loop);
        delivering.setName("mlops-delivery-" + delivering.getId());
        delivering.setDaemon(true);
        delivering.setContextClassLoader(null);
        delivering.start();
        return delivering;
    }

    private void loop() {
        long tickAt = Deadline.in(settings.flushEvery());
        long retryAt = Long.MAX_VALUE;
        while (true) {
            try {
                List<RunDelivery> work = next(retryAt == Long.MAX_VALUE ? tickAt : Math.min(tickAt, retryAt));
                if (work == null) {
                    return;
                }
                boolean tick = System.nanoTime() - tickAt >= 0;
                if (tick) {
                    tickAt = Deadline.in(settings.flushEvery());
                }
                // When a retry was due, every run had its turn; otherwise those that wait still do.
                long others = System.nanoTime() - retryAt < 0 ? retryAt : Long.MAX_VALUE;
                deliver(work, tick);
                dropExcess();
                pool.trim(System.nanoTime());
                retryAt = Math.min(others, forgetFinished(work));
            } catch (RuntimeException | Error e) {
                LOG.warn("delivery goes on after a failure of its own", e);
            }
            rounds.incrementAndGet();
        }
    }

    /** Waits for work: the runs that have some, or all of them if it is time; null to stop. */
    private @Nullable List<RunDelivery> next(long wakeAt) {
        synchronized (lock) {
            long left = wakeAt - System.nanoTime();
            while (!stopped && ready.isEmpty() && left > 0) {
                try {
                    lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                } catch (InterruptedException e) {
                    // Only close() interrupts, and it has set the flag that is looked at next.
                    LOG.debug("interrupted");
                }
                left = wakeAt - System.nanoTime();
            }
            if (stopped) {
                return null;
            }
            // Those that are ready may be forgotten already, and somebody waits for an answer.
            Set<RunDelivery> work = new LinkedHashSet<>(left > 0 ? Set.of() : open);
            work.addAll(ready);
            ready.forEach(run -> run.queued(false));
            ready.clear();
            return List.copyOf(work);
        }
    }

    private void deliver(List<RunDelivery> work, boolean tick) {
        for (RunDelivery run : work) {
            run.attempt(tick, false);
        }
        if (pool.exhausted()) {
            List<RunDelivery> all;
            synchronized (lock) {
                all = List.copyOf(open);
            }
            // Chunks that are with the store but not durable hold the buffers up.
            all.forEach(run -> run.attempt(false, true));
        }
    }

    /** A store that stays away may not fill the memory: of the runs that wait for it, the latest are dropped. */
    private void dropExcess() {
        List<RunDelivery> all;
        synchronized (lock) {
            if (open.size() <= MAX_WAITING) {
                return;
            }
            all = List.copyOf(open);
        }
        all.stream().filter(RunDelivery::waiting).skip(MAX_WAITING).forEach(run -> run.abandon("too many runs wait"));
    }

    /** Forgets those of the runs that are done, and returns when the first of the others wants another try. */
    private long forgetFinished(List<RunDelivery> runs) {
        synchronized (lock) {
            long retryAt = Long.MAX_VALUE;
            for (RunDelivery run : runs) {
                if (run.finished() && run.buffer().ended()) {
                    if (open.remove(run)) {
                        run.buffer().addTo(ended);
                    }
                } else {
                    retryAt = Math.min(retryAt, run.retryAt());
                }
            }
            return retryAt;
        }
    }
}
