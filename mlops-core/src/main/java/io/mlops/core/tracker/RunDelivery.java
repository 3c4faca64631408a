package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings one run to the store: makes it, appends its points, applies its facts, ends it. A chunk is kept until it is
 * durable, since a store that fails forgets what was not. Only the delivery thread calls {@link #attempt}.
 */
final class RunDelivery {
    /** So many points may be with the store without being durable, about 4 MiB of them. */
    private static final int MAX_UNSETTLED = 1 << 16;

    /** After so long what was sent becomes durable, though there is more to send. */
    private static final long LONGEST_SEND_NANOS = 100_000_000;

    private static final long FIRST_PAUSE_NANOS = 10_000_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

    private final RunStore store;
    private final RunDraft draft;
    private final String writer;
    private final RunBuffer buffer;
    private final RecordingSettings settings;
    private final DeliveryLog log;
    /** How many points the store has, and how many of them are durable. */
    private long sent;

    private long durable;
    private volatile boolean created;
    private boolean resuming;
    private volatile boolean finished;
    /** Whether the run itself is durable. */
    private volatile boolean stored;

    private volatile @Nullable RuntimeException givenUpBecause;

    private long settledAt = System.nanoTime();
    private int failures;
    private long retryAt;
    /** Whether it waits in the recorder's queue; guarded by the recorder. */
    private boolean queued;

    private final Object requests = new Object();
    private final List<Ticket> tickets = new ArrayList<>();
    private RunChange.@Nullable Ended end;
    private RunChange.@Nullable Ended coming;

    RunDelivery(
            RunStore store,
            RunDraft draft,
            boolean resuming,
            String writer,
            Recorder recorder,
            RecordingSettings settings,
            DeliveryLog log) {
        this.store = store;
        this.draft = draft;
        this.created = resuming;
        this.resuming = resuming;
        this.writer = writer;
        this.settings = settings;
        this.log = log;
        this.buffer = new RunBuffer(draft.id(), settings, recorder.pool(), log, () -> recorder.wake(this));
    }

    RunBuffer buffer() {
        return buffer;
    }

    RunId id() {
        return draft.id();
    }

    RunDraft draft() {
        return draft;
    }

    /** Two that record one run in this program at least agree on where it belongs; one that was given up has no say. */
    void checkSame(RunDraft other) {
        if (!finished && draft.id().equals(other.id()) && !draft.experiment().equals(other.experiment())) {
            throw new ConflictException("run " + draft.id() + " is being recorded in experiment '" + draft.experiment()
                    + "' and cannot go on in '" + other.experiment() + "': choose another id");
        }
    }

    boolean queued() {
        return queued;
    }

    void queued(boolean now) {
        queued = now;
    }

    // ---- called by anybody

    /** Asks for something, at once even if the store failed just now. */
    Ticket ask(Ticket.Want want) {
        Ticket ticket = new Ticket(want);
        synchronized (requests) {
            tickets.removeIf(Ticket::withdrawn);
            tickets.add(ticket);
        }
        return ticket;
    }

    /** Says how it will end in a moment, whoever asks for that. */
    void willEnd(RunOutcome outcome, Instant at) {
        synchronized (requests) {
            if (coming == null) {
                coming = new RunChange.Ended(outcome, at);
            }
        }
    }

    /** Asks for the end, which counts only once. */
    void askEnd(RunOutcome outcome, Instant at) {
        synchronized (requests) {
            willEnd(outcome, at);
            end = coming;
        }
    }

    // ---- called by the delivery thread

    /** Whether there is nothing more to do, ever. */
    boolean finished() {
        return finished;
    }

    /** Whether the store knows the run. */
    boolean created() {
        return created;
    }

    /** Whether all there is of the run so far is durable, but for single points that were dropped and counted. */
    boolean settled() {
        return (stored || finished) && buffer.settled();
    }

    /** Why it was given up, if the store said so. */
    @Nullable
    RuntimeException givenUpBecause() {
        return givenUpBecause;
    }

    /** Whether it has ended and cannot be delivered now. */
    boolean waiting() {
        return failures > 0 && buffer.ended();
    }

    /** When to try again after a failure; the greatest long if the last try worked. */
    long retryAt() {
        return failures == 0 ? Long.MAX_VALUE : retryAt;
    }

    /**
     * Tries to bring the store up to date.
     *
     * @param tick whether to take what has not filled a chunk yet
     * @param settle whether what the store has must become durable
     */
    void attempt(boolean tick, boolean settle) {
        List<Ticket> asked;
        RunChange.Ended ending;
        synchronized (requests) {
            asked = List.copyOf(tickets);
            ending = end;
        }
        boolean retrying = failures > 0;
        boolean pausing = retrying && System.nanoTime() - retryAt < 0;
        if (finished) {
            answerAll(settled() ? Ticket::done : Ticket::giveUp);
            return;
        }
        if (pausing && asked.stream().allMatch(Ticket::tried)) {
            return;
        }
        try {
            // A second try takes all there is, as the one that failed may have: only then does it tell that the store
            // works.
            if (deliver(tick || retrying, settle || retrying, asked, ending)) {
                failures = 0;
                buffer.recovered();
                log.worked();
            }
        } catch (RuntimeException e) {
            failed(e, asked);
        } catch (Error e) {
            // Out of memory elsewhere must not end the only thread that delivers.
            failed(new BackendUnavailableException("the store failed: " + e, true, e), asked);
        }
    }

    /** Returns whether the store did something. */
    private boolean deliver(boolean tick, boolean settle, List<Ticket> asked, RunChange.@Nullable Ended ending) {
        boolean all = ending != null || asked.stream().anyMatch(ticket -> ticket.want() == Ticket.Want.DURABLE);
        boolean reached = create();
        reached |= resume();
        done(asked, Ticket.Want.CREATED);
        reached |= send(tick || all);
        boolean due = System.nanoTime() - settledAt >= Deadline.nanos(settings.syncEvery())
                || sent - durable >= MAX_UNSETTLED;
        boolean facts = (tick && buffer.hasFacts()) || buffer.factsFull();
        if (all || facts || (sent > durable && (due || settle))) {
            settle(ending);
            done(asked, Ticket.Want.DURABLE);
            reached = true;
        }
        return reached;
    }

    private boolean create() {
        if (created) {
            return false;
        }
        RunInfo info = store.create(draft);
        if (!info.experiment().equals(draft.experiment())) {
            throw new ConflictException("run " + draft.id() + " belongs to experiment '" + info.experiment()
                    + "' and cannot go on in '" + draft.experiment() + "': choose another id");
        }
        if (info.status() == RunStatus.FINISHED) {
            throw new ConflictException("run " + draft.id() + " has finished before: choose another id");
        }
        // A run of this id that failed before goes on; start() would have asked had the store been there.
        resuming = info.status().ended();
        created = true;
        return true;
    }

    /** Before any point, so that the store knows who writes now. */
    private boolean resume() {
        if (!resuming) {
            return false;
        }
        store.change(draft.id(), List.of(new RunChange.Resumed(Stamps.now(settings.clock()))));
        resuming = false;
        return true;
    }

    private boolean send(boolean everything) {
        List<PointQueue.Slice> slices = buffer.unsent(sent, everything);
        String[] keys = buffer.keyTable();
        long begin = System.nanoTime();
        for (PointQueue.Slice slice : slices) {
            // A buffer is free once its points are durable, and whoever waits for one does not wait for ever.
            if (System.nanoTime() - begin > LONGEST_SEND_NANOS) {
                settle(null);
                begin = settledAt;
            }
            store.append(draft.id(), slice.chunk().batch(writer, slice.from(), slice.to(), keys));
            buffer.delivered(slice.to() - sent);
            sent = slice.to();
        }
        return !slices.isEmpty();
    }

    private void settle(RunChange.@Nullable Ended ending) {
        FactQueue.Taken taken = buffer.takeFacts();
        long conflicts;
        try {
            conflicts = change(taken, ending);
        } catch (RuntimeException | Error e) {
            buffer.giveBack(taken);
            throw e;
        }
        durable = sent;
        buffer.settled(durable, taken.recorded() - conflicts, conflicts);
        settledAt = System.nanoTime();
        stored = true;
        finished = ending != null;
    }

    /** Applies all in one go, or one by one if one of them contradicts the store; returns how many facts did. */
    private long change(FactQueue.Taken taken, RunChange.@Nullable Ended ending) {
        List<RunChange> all = new ArrayList<>(taken.facts());
        if (ending != null) {
            all.add(ending);
        }
        try {
            store.change(draft.id(), all);
            return 0;
        } catch (ConflictException e) {
            return changeOneByOne(all, taken.ranInCounts());
        }
    }

    private long changeOneByOne(List<RunChange> all, boolean ranInCounts) {
        long conflicts = 0;
        for (RunChange change : all) {
            try {
                store.change(draft.id(), List.of(change));
            } catch (ConflictException e) {
                log.contradicted(draft.id(), nameOf(change));
                buffer.contradicted(e);
                boolean counts = change instanceof RunFact && (ranInCounts || !(change instanceof RunFact.RanIn));
                conflicts += counts ? 1 : 0;
            }
        }
        // Each may have been refused, and points become durable with a change that is not.
        store.change(draft.id(), List.of());
        return conflicts;
    }

    /** What it is about, without the values. */
    private static String nameOf(RunChange change) {
        return change instanceof RunFact.ParamSet param
                ? "param '" + param.key() + "'"
                : change.getClass().getSimpleName();
    }

    private void done(List<Ticket> asked, Ticket.Want want) {
        asked.stream().filter(ticket -> ticket.want() == want).forEach(Ticket::done);
        synchronized (requests) {
            tickets.removeIf(ticket -> ticket.want() == want && asked.contains(ticket));
        }
    }

    private void answerAll(Consumer<Ticket> answer) {
        List<Ticket> waiting;
        synchronized (requests) {
            waiting = List.copyOf(tickets);
            tickets.clear();
        }
        waiting.forEach(answer);
    }

    private void failed(RuntimeException why, List<Ticket> asked) {
        sent = durable;
        buffer.failed(why);
        if (hopeless(why)) {
            log.givenUp(draft.id(), why);
            givenUpBecause = why;
            lose(why instanceof MlopsException ? why.getClass().getSimpleName() : "backend closed");
        } else {
            log.failed(draft.id(), why);
            failures++;
            long pause = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(failures, 20));
            retryAt = System.nanoTime() + pause;
        }
        asked.forEach(ticket -> ticket.failed(why));
        if (finished) {
            answerAll(Ticket::giveUp);
        }
    }

    /** Whether another try would end the same: the run is gone, or the backend is closed. */
    private static boolean hopeless(RuntimeException why) {
        return why instanceof MlopsException
                ? !(why instanceof BackendUnavailableException || why instanceof RefusedException)
                : why instanceof IllegalStateException;
    }

    /** Gives up what could not be delivered. Whoever waits for it is told, since the run may get no other turn. */
    void abandon(String reason) {
        if (!finished) {
            lose(reason);
            answerAll(Ticket::giveUp);
        }
    }

    private void lose(String reason) {
        finished = true;
        if (buffer.abandon(reason) > 0) {
            log.dropped(reason, draft.id());
        }
    }
}
