package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunState;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.config.Recording;
import io.mlops.core.delivery.Backoff;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.delivery.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings one run to the store: makes it, appends its points, applies its facts, ends it. A chunk is kept until it is
 * durable, since a store that fails forgets what was not. Callers ask; one thread at a time tries, the delivery thread.
 */
final class RunDelivery {
    /** So many points may be with the store without being durable, about 4 MiB of them. */
    private static final int MAX_NOT_DURABLE = 1 << 16;

    /** After so long what was sent becomes durable, though there is more to send. */
    private static final Duration LONGEST_SEND = Duration.ofMillis(100);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final RunStore store;
    private final RunDraft draft;
    private final String writer;
    private final RunBuffer buffer;
    private final Recording settings;
    private final ClampedClock clock;
    private final DeliveryLog log;
    private final RunRequests requests = new RunRequests();
    private final Object guard = new Object();
    /** Written under the guard. */
    private volatile Standing standing;
    /** Whether it waits for its turn; guarded by the open runs that it is one of. */
    private boolean ready;
    /** Written by the delivery thread. */
    private volatile @Nullable RuntimeException droppedBecause;

    /** Whether the store may have made the run, be it that its answer was lost; of the delivery thread, as all below. */
    private boolean triedToCreate;

    /** The number of points that the store has. */
    private long sent;

    private long durable;
    private long durableAtNanos = System.nanoTime();
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);

    RunDelivery(
            RunStore store,
            RunDraft draft,
            Standing standing,
            String writer,
            ChunkPool pool,
            Consumer<RunDelivery> wake,
            Recording settings,
            ClampedClock clock,
            DeliveryLog log) {
        this.store = store;
        this.draft = draft;
        this.standing = standing;
        this.writer = writer;
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        this.buffer = new RunBuffer(draft.id(), settings, pool, log, () -> wake.accept(this));
    }

    // ---- by anybody

    RunBuffer buffer() {
        return buffer;
    }

    RunId id() {
        return draft.id();
    }

    RunDraft draft() {
        return draft;
    }

    Standing standing() {
        return standing;
    }

    /** Two that record one run in this program at least agree on where it belongs; one that is over has no say. */
    void checkSame(RunDraft other) {
        if (!standing.over()
                && draft.id().equals(other.id())
                && !draft.experiment().equals(other.experiment())) {
            throw new ConflictException("run " + draft.id() + " is being recorded in experiment '" + draft.experiment()
                    + "' and cannot go on in '" + other.experiment() + "': choose another id");
        }
    }

    /** Marks that it waits for its turn, for the open runs that it is one of; false if it does already. */
    boolean makeReady() {
        boolean first = !ready;
        ready = true;
        return first;
    }

    /** Marks that its turn has come, for the same. */
    void takeTurn() {
        ready = false;
    }

    /** Asks for something, at once even if the store failed just now. */
    Ticket ask(Ticket.Want want) {
        return requests.add(want);
    }

    /** Says how it will end in a moment, whoever asks for that. */
    void willEnd(RunOutcome outcome, Instant at) {
        requests.announceEnd(outcome, at);
    }

    /** Asks for the end, which counts only once. */
    void askEnd(RunOutcome outcome, Instant at) {
        requests.end(outcome, at);
    }

    /** Whether the run and everything recorded so far is durable, but for what was dropped one by one. */
    boolean allDurable() {
        return standing.durable() && buffer.allDurable();
    }

    /** The store's reason for which the run was dropped, if there is one. */
    @Nullable
    RuntimeException droppedBecause() {
        return droppedBecause;
    }

    /** Drops what could not be delivered. Whoever waits for it is told, since the run may get no other turn. */
    void drop(String reason) {
        if (!standing.over()) {
            dropRest(reason);
            requests.answerAll(Ticket::never);
        }
    }

    // ---- by the delivery thread

    /** Whether it has ended and cannot be delivered now. */
    boolean waiting() {
        return backoff.failing() && buffer.ended();
    }

    /** When to try again after a failure; never if the last try worked. */
    Deadline retryAt() {
        return backoff.nextTry();
    }

    /** Tries to bring the store up to date. */
    void attempt(Turn reason) {
        RunRequests.Asked asked = requests.asked();
        if (standing.over()) {
            requests.answerAll(allDurable() ? Ticket::done : Ticket::never);
            return;
        }
        if (backoff.pausing() && asked.tried()) {
            return;
        }
        try {
            if (deliver(backoff.failing() ? Turn.RETRY : reason, asked)) {
                backoff.worked();
                buffer.failures().recovered();
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
    private boolean deliver(Turn turn, RunRequests.Asked asked) {
        boolean all = asked.forEverything();
        boolean reached = create();
        reached |= resume();
        requests.done(asked, Ticket.Want.CREATED);
        reached |= send(turn.takesAllPoints() || all);
        boolean late =
                System.nanoTime() - durableAtNanos >= settings.syncEvery().toNanos();
        boolean due = late || turn.makesDurable() || sent - durable >= MAX_NOT_DURABLE;
        boolean facts = (turn.takesAllPoints() && buffer.hasFacts()) || buffer.factsFull();
        if (all || facts || (sent > durable && due)) {
            makeDurable(asked.end());
            requests.done(asked, Ticket.Want.DURABLE);
            reached = true;
        }
        return reached;
    }

    private boolean create() {
        if (standing != Standing.NEW) {
            return false;
        }
        RunDraft next = triedToCreate ? draft.triedBefore() : draft;
        triedToCreate = true;
        RunInfo info = store.create(next);
        if (!info.experiment().equals(draft.experiment())) {
            throw new ConflictException("run " + draft.id() + " belongs to experiment '" + info.experiment()
                    + "' and cannot go on in '" + draft.experiment() + "': choose another id");
        }
        if (info.status() == RunStatus.FINISHED) {
            throw new ConflictException("run " + draft.id() + " has finished before: choose another id");
        }
        // A run of this id that failed before goes on; start() would have asked had the store been there.
        reached(info.status().ended() ? Standing.RESUMING : Standing.CREATED);
        return true;
    }

    /** Before any point, so that the store knows who writes now. */
    private boolean resume() {
        if (standing != Standing.RESUMING) {
            return false;
        }
        store.change(draft.id(), List.of(new RunChange.Resumed(clock.instant())));
        reached(Standing.CREATED);
        return true;
    }

    private boolean send(boolean everything) {
        List<PointQueue.Slice> slices = buffer.unsent(sent, everything);
        String[] keys = buffer.keys().table();
        Deadline longest = Deadline.in(LONGEST_SEND);
        for (PointQueue.Slice slice : slices) {
            // A buffer is free once its points are durable, and whoever waits for one does not wait for ever.
            if (longest.passed()) {
                makeDurable(null);
                longest = Deadline.in(LONGEST_SEND);
            }
            store.append(draft.id(), slice.chunk().batch(writer, slice.from(), slice.to(), keys));
            buffer.delivered(slice.to() - sent);
            sent = slice.to();
        }
        return !slices.isEmpty();
    }

    private void makeDurable(RunChange.@Nullable Ended ending) {
        FactQueue.Taken taken = buffer.takeFacts();
        long conflicts;
        try {
            conflicts = change(taken, ending);
        } catch (RuntimeException | Error e) {
            buffer.giveBack(taken);
            throw e;
        }
        durable = sent;
        buffer.madeDurable(durable, taken.recorded() - conflicts, conflicts);
        buffer.missing(store.missing(draft.id(), writer));
        durableAtNanos = System.nanoTime();
        reached(ending == null ? Standing.DURABLE : Standing.ENDED);
    }

    /** Applies all changes in one go, or those that the store does not refuse; returns how many facts it did. */
    private long change(FactQueue.Taken taken, RunChange.@Nullable Ended ending) {
        List<RunChange> all = new ArrayList<>(taken.facts());
        if (ending != null) {
            all.add(ending);
        }
        try {
            store.change(draft.id(), all);
            return 0;
        } catch (ConflictException e) {
            return changeWhatFits(all, taken.environmentCounts());
        }
    }

    /**
     * Leaves out what contradicts the run as the store has it, so that one change does for the rest: others wait for their
     * turn meanwhile, and thousands of changes would take minutes.
     */
    private long changeWhatFits(List<RunChange> all, boolean environmentCounts) {
        RunInfo known = store.find(draft.id())
                .orElseThrow(() -> new NotFoundException("run " + draft.id() + " is no longer in the store"));
        Set<RunChange> refused = Collections.newSetFromMap(new IdentityHashMap<>());
        long[] conflicts = new long[1];
        RunState unused = RunState.of(known).applyEach(all, (change, why) -> {
            refused.add(change);
            conflicts[0] += refuse(change, why, environmentCounts);
        });
        List<RunChange> rest =
                all.stream().filter(change -> !refused.contains(change)).toList();
        try {
            store.change(draft.id(), rest);
        } catch (ConflictException e) {
            if (rest.isEmpty()) {
                // The store refuses the run itself.
                throw e;
            }
            // The run changed meanwhile, or this store refuses more than others.
            conflicts[0] += changeInHalves(rest, e, environmentCounts);
            // Each may have been refused, and points become durable with a change that is not.
            store.change(draft.id(), List.of());
        }
        return conflicts[0];
    }

    /** Finds those that are refused among changes that were refused together, in few calls if they are few. */
    private long changeInHalves(List<RunChange> changes, ConflictException why, boolean environmentCounts) {
        if (changes.size() == 1) {
            return refuse(changes.get(0), why, environmentCounts);
        }
        int middle = changes.size() / 2;
        long conflicts = 0;
        for (List<RunChange> half : List.of(changes.subList(0, middle), changes.subList(middle, changes.size()))) {
            try {
                store.change(draft.id(), half);
            } catch (ConflictException e) {
                conflicts += changeInHalves(half, e, environmentCounts);
            }
        }
        return conflicts;
    }

    /** Notes that the store refuses a change; returns how many facts of the program that are. */
    private int refuse(RunChange change, ConflictException why, boolean environmentCounts) {
        log.contradicted(draft.id(), nameOf(change));
        buffer.failures().contradicted(why);
        boolean counts = change instanceof RunFact && (environmentCounts || !(change instanceof RunFact.RanIn));
        return counts ? 1 : 0;
    }

    /** Names a change for the log, without its values. */
    private static String nameOf(RunChange change) {
        return change instanceof RunFact.ParamSet param
                ? "param '" + param.key() + "'"
                : change.getClass().getSimpleName();
    }

    private void reached(Standing next) {
        synchronized (guard) {
            // A run that was dropped while the store took long stays so.
            standing = standing.reach(next);
        }
    }

    private void failed(RuntimeException why, RunRequests.Asked asked) {
        sent = durable;
        buffer.failed(why);
        if (hopeless(why)) {
            log.runDropped(draft.id(), why);
            droppedBecause = why;
            dropRest(why instanceof MlopsException ? why.getClass().getSimpleName() : "backend closed");
        } else {
            log.failed(draft.id(), why);
            backoff.failed();
        }
        asked.tickets().forEach(ticket -> ticket.failed(why));
        if (standing.over()) {
            requests.answerAll(Ticket::never);
        }
    }

    /** Whether another try would end the same: the run is gone, or the backend is closed. */
    private static boolean hopeless(RuntimeException why) {
        return why instanceof MlopsException
                ? !(why instanceof BackendUnavailableException || why instanceof RefusedException)
                : why instanceof IllegalStateException;
    }

    private void dropRest(String reason) {
        synchronized (guard) {
            standing = standing.drop();
        }
        if (buffer.dropAll(reason) > 0) {
            log.dropped(reason, draft.id());
        }
    }
}
