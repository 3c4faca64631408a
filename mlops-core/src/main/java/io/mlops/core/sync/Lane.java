package io.mlops.core.sync;

import io.mlops.api.common.RunId;
import io.mlops.core.delivery.DaemonThread;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread of a forwarder, and the runs that it brings, each always the same ones. Thread-safe. */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** The time after which it looks whether the target may be tried again. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** A target that hangs gets an interrupt, and so long to obey it. */
    private static final Duration OBEYS_WITHIN = Duration.ofMillis(200);

    private static final Duration INTERRUPT_AGAIN = Duration.ofMillis(10);

    private final Object guard;
    private final Outage outage;
    private final Consumer<ForwardedRun.Turn> bringer;
    private final Signal work = new Signal();
    /** The runs with something to bring, the one that waits longest first; guarded, as all below. */
    private final Map<RunId, ForwardedRun> waiting = new LinkedHashMap<>();

    private @Nullable DaemonThread thread;
    private boolean stopped;

    /**
     * A lane without a thread, which starts with the first run.
     *
     * @param guard what guards all runs of the forwarder, held for a look at fields only
     */
    Lane(Object guard, Outage outage, Consumer<ForwardedRun.Turn> bringer) {
        this.guard = guard;
        this.outage = outage;
        this.bringer = bringer;
    }

    /** Takes a run that has something to bring, under the guard; {@link #wake} follows. */
    void add(ForwardedRun run) {
        waiting.putIfAbsent(run.id(), run);
        if (thread == null && !stopped) {
            thread = DaemonThread.start("forward", this::loop);
        }
    }

    /** Lets the thread look for work. */
    void wake() {
        work.changed();
    }

    /** Begins to stop, under the guard; {@link #wake} follows. */
    void stop() {
        stopped = true;
        waiting.clear();
    }

    /** Waits a moment for the thread to end, and then interrupts what it does. */
    void join() {
        DaemonThread running;
        synchronized (guard) {
            running = thread;
        }
        if (running == null) {
            return;
        }
        Deadline obeys = Deadline.in(OBEYS_WITHIN);
        boolean over = running.awaitEnd(Deadline.in(INTERRUPT_AGAIN), Interrupts.PUT_OFF);
        while (!over && !obeys.passed()) {
            running.interrupt();
            over = running.awaitEnd(Deadline.in(INTERRUPT_AGAIN).orEarlier(obeys), Interrupts.PUT_OFF);
        }
    }

    private void loop() {
        while (true) {
            Deadline look = nextLook();
            // What comes meanwhile may be due before the moment that is waited for.
            boolean unused = work.await(() -> hasTurn() || isBefore(nextLook(), look), look, Interrupts.PUT_OFF);
            // Only close() interrupts, and has stopped all before.
            unused = Thread.interrupted();
            ForwardedRun.Turn turn;
            synchronized (guard) {
                if (stopped) {
                    return;
                }
                turn = take();
            }
            if (turn != null) {
                try {
                    bringer.accept(turn);
                } catch (RuntimeException | Error e) {
                    LOG.warn("forwarding goes on after a failure of its own", e);
                }
            }
        }
    }

    private static boolean isBefore(Deadline one, Deadline other) {
        return one.nanoTime() - other.nanoTime() < 0;
    }

    private boolean hasTurn() {
        synchronized (guard) {
            if (stopped) {
                return true;
            }
            for (ForwardedRun run : waiting.values()) {
                if (run.dueAt().passed() && outage.admits(run.wish())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Takes a run that somebody waits for, or else the one that waits longest. */
    private ForwardedRun.@Nullable Turn take() {
        ForwardedRun next = null;
        for (ForwardedRun run : waiting.values()) {
            if (run.dueAt().passed() && outage.admits(run.wish()) && (next == null || run.isAwaited())) {
                next = run;
                if (run.isAwaited()) {
                    break;
                }
            }
        }
        Outage.Pass pass = next == null ? null : outage.enter(next.wish());
        if (next == null || pass == null) {
            return null;
        }
        waiting.remove(next.id());
        return next.begin(pass);
    }

    private Deadline nextLook() {
        synchronized (guard) {
            Deadline next = Deadline.never();
            for (ForwardedRun run : waiting.values()) {
                next = next.orEarlier(run.dueAt().passed() ? Deadline.in(LOOK_AGAIN) : run.dueAt());
            }
            return next;
        }
    }
}
