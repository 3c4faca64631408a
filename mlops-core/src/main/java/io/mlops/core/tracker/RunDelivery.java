package io.mlops.core.tracker;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.config.Recording;
import io.mlops.core.delivery.Backoff;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.delivery.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings one run to the store: makes it, appends its points, applies its facts, ends it. A chunk is kept until it is
 * durable, since a store that fails forgets what was not. Callers ask; one thread at a time tries, the delivery thread.
 */
final class RunDelivery {
    /** So many points may be with the store without being durable, about 4 MiB of them. */
    private static final int MAX_NOT_DURABLE = 1 << 16;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final RunStore store;
    /** Replaced when its experiment gets another name. */
    private volatile RunDraft draft;

    private final String writer;
    private final RunBuffer buffer;
    private final PointDelivery points;
    private final Recording settings;
    private final ClampedClock clock;
    private final DeliveryLog log;
    private final DeletedExperiments deleted;
    private final ObjLongConsumer<RunId> stored;
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
            DeliveryLog log,
            DeletedExperiments deleted,
            ObjLongConsumer<RunId> stored) {
        this.store = store;
        this.draft = draft;
        this.standing = standing;
        this.writer = writer;
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        this.deleted = deleted;
        this.stored = stored;
        this.buffer = new RunBuffer(draft.id(), settings, pool, log, () -> wake.accept(this));
        this.points = new PointDelivery(store, writer, buffer);
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

    /** Takes note that an experiment has another name. */
    void renamed(String experiment, String to) {
        synchronized (guard) {
            draft = draft.experiment().equals(experiment) ? draft.in(to) : draft;
        }
    }

    Standing standing() {
        return standing;
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
        reached |= points.send(turn.takesAllPoints() || all, () -> makeDurable(null));
        if (reached) {
            stored.accept(draft.id(), points.sent());
        }
        boolean due = points.waitingFor(settings.syncEvery())
                || turn.makesDurable()
                || points.notDurable() >= MAX_NOT_DURABLE;
        boolean facts = (turn.takesAllPoints() && buffer.hasFacts()) || buffer.factsFull();
        if (all || facts || (points.notDurable() > 0 && due)) {
            makeDurable(asked.end());
            // Before whoever waits goes on, and asks what came of it further on.
            stored.accept(draft.id(), points.sent());
            requests.done(asked, Ticket.Want.DURABLE);
            reached = true;
        }
        return reached;
    }

    private boolean create() {
        followParent();
        if (standing != Standing.NEW) {
            return false;
        }
        RunInfo info = make();
        GoingOn.check(info, draft.experiment(), "");
        // A run of this id that failed before goes on; start() would have asked had the store been there.
        reached(info.status().ended() ? Standing.RESUMING : Standing.CREATED);
        return true;
    }

    /** The parent may have begun before somebody else gave its experiment another name. */
    private void followParent() {
        RunId parent = draft.parent();
        if (standing == Standing.NEW_CHILD && parent != null) {
            store.find(parent).ifPresent(found -> renamed(draft.experiment(), found.experiment()));
            reached(Standing.NEW);
        }
    }

    /** Makes the run, without its tags if the store refuses it with them: they are facts then, each of which costs itself. */
    private RunInfo make() {
        RunDraft next = triedToCreate ? draft.triedBefore() : draft;
        triedToCreate = true;
        try {
            return store.create(next);
        } catch (RuntimeException e) {
            if (draft.tags().isEmpty() || !Refusals.ofContent(e)) {
                throw e;
            }
            RunInfo info = store.create(draft.withoutTags());
            List<RunFact> tags = new ArrayList<>();
            draft.tags().forEach((key, value) -> tags.add(new RunFact.Tagged(key, value)));
            buffer.begunWithout(tags);
            return info;
        }
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

    private void makeDurable(RunChange.@Nullable Ended ending) {
        FactQueue.Taken taken = buffer.takeFacts();
        ChangeDelivery changes = new ChangeDelivery(store, buffer, taken.environmentCounts());
        try {
            changes.apply(taken.facts(), ending);
        } catch (RuntimeException | Error e) {
            buffer.giveBack(taken);
            throw e;
        }
        points.madeDurable();
        buffer.madeDurable(points.sent(), taken, changes.lost());
        buffer.missing(store.missing(draft.id(), writer));
        reached(ending == null ? Standing.DURABLE : Standing.ENDED);
    }

    private void reached(Standing next) {
        synchronized (guard) {
            // A run that was dropped while the store took long stays so.
            standing = standing.reach(next);
        }
    }

    private void failed(RuntimeException why, RunRequests.Asked asked) {
        points.rewind();
        buffer.failed(why);
        if (hopeless(why)) {
            log.runDropped(draft.id(), why);
            droppedBecause = why;
            dropRest(reason(why).toString());
        } else {
            log.failed(draft.id(), why);
            backoff.failed();
        }
        asked.tickets().forEach(ticket -> ticket.failed(why));
        if (standing.over()) {
            requests.answerAll(Ticket::never);
        }
    }

    private Delivery.Reason reason(RuntimeException why) {
        if (why instanceof ConflictException && !standing.known() && deleted.has(draft.experiment())) {
            return Delivery.Reason.EXPERIMENT_DELETED;
        }
        return Delivery.Reason.of(why);
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
