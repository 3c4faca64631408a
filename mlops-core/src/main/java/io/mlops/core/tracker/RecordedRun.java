package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.artifact.StoredRunArtifacts;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.delivery.ClampedClock;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Interrupts;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The program's side of a run that is being recorded. Thread-safe. */
final class RecordedRun implements Run {
    /** The outcome of a run that was closed before anybody ended it. */
    static final RunOutcome CLOSED = new RunOutcome.Failed("closed", "closed before complete()");

    private final Recorder recorder;
    private final MlopsConfig config;
    private final ClampedClock clock;
    private final RunDelivery delivery;
    private final RunBuffer buffer;
    private final RunArtifacts artifacts;
    private final RecordingTracker tracker;
    private final BiConsumer<RecordedRun, Deadline> beforeEnd;
    private final Onward onward;

    RecordedRun(
            Recorder recorder,
            MlopsConfig config,
            ClampedClock clock,
            RunDelivery delivery,
            ArtifactStore store,
            RecordingTracker tracker,
            BiConsumer<RecordedRun, Deadline> beforeEnd,
            Onward onward) {
        this.recorder = recorder;
        this.config = config;
        this.clock = clock;
        this.delivery = delivery;
        this.buffer = delivery.buffer();
        this.tracker = tracker;
        this.beforeEnd = beforeEnd;
        this.onward = onward;
        this.artifacts = new StoredRunArtifacts(
                new AwaitedArtifacts(recorder, store),
                delivery.id(),
                this::awaitCreated,
                this::awaitTried,
                config.program().workFolder());
    }

    @Override
    public RunId id() {
        return delivery.id();
    }

    @Override
    public void metric(String key, double value, long step) {
        buffer.add(key, value, step, false, clock.millis());
    }

    @Override
    public void metric(String key, double value) {
        buffer.add(key, value, 0, true, clock.millis());
    }

    @Override
    public long nextStep(String key) {
        return buffer.nextStep(key);
    }

    @Override
    public void record(RunFact fact) {
        buffer.add(fact, true);
    }

    @Override
    public Run child(String name) {
        return tracker.startChild(childSpec(name));
    }

    /** The description of a child of this run, which must not have ended. */
    RunSpec childSpec(String name) {
        RunSpec spec = RunSpec.of(delivery.draft().experiment()).name(name).parent(id());
        if (buffer.ended()) {
            throw new IllegalStateException("run " + id() + " has ended and cannot begin '" + name + "'");
        }
        return spec;
    }

    @Override
    public RunArtifacts artifacts() {
        return artifacts;
    }

    @Override
    public boolean flush(Duration within) {
        Deadline deadline = Deadline.in(within);
        boolean stored = awaitFlush(askFlush(), deadline);
        return onward.flushed(id(), deadline) && stored;
    }

    /** Asks for the flush that {@link #awaitFlush} waits for; null if there is nothing to flush. */
    @Nullable
    Ticket askFlush() {
        return delivery.allDurable() ? null : recorder.ask(delivery, Ticket.Want.DURABLE);
    }

    boolean awaitFlush(@Nullable Ticket ticket, Deadline deadline) {
        boolean failFast = config.recording().failures() == FailurePolicy.FAIL;
        boolean done = ticket == null;
        if (ticket != null) {
            done = ticket.await(failFast ? Ticket.Until.TRIED : Ticket.Until.DONE, deadline, Interrupts.END_THE_WAIT);
            if (failFast) {
                throwFailure(ticket.failure());
            }
        }
        if (failFast) {
            throwFailure(null);
        }
        return !buffer.takeDropped() && done;
    }

    @Override
    public void end(RunOutcome outcome) {
        requireNonNull(outcome, "outcome");
        Deadline deadline = Deadline.in(config.closeWithin());
        Instant now = clock.instant();
        prepareEnd(outcome, now, Deadline.in(config.closeWithin().dividedBy(2)));
        Ticket ticket = askEnd(outcome, now);
        if (ticket != null) {
            awaitEnd(ticket, deadline);
            onward.ended(id(), deadline);
        }
    }

    /** Waits for the run's environment; the end itself needs the rest of the time. */
    void prepareEnd(RunOutcome outcome, Instant at, Deadline deadline) {
        delivery.willEnd(outcome, at);
        beforeEnd.accept(this, deadline);
    }

    /** Asks for the end that {@link #awaitEnd} waits for; null if it has ended already. */
    @Nullable
    Ticket askEnd(RunOutcome outcome, Instant at) {
        if (!buffer.end()) {
            return null;
        }
        delivery.askEnd(outcome, at);
        return recorder.ask(delivery, Ticket.Want.DURABLE);
    }

    void awaitEnd(Ticket ticket, Deadline deadline) {
        boolean done = ticket.await(Ticket.Until.TRIED, deadline, Interrupts.PUT_OFF);
        if (config.recording().failures() == FailurePolicy.FAIL) {
            throwFailure(ticket.failure());
            if (!done) {
                buffer.failures().tell();
                throw new BackendUnavailableException(
                        "the end of run " + id() + " was not stored within " + config.closeWithin(), true, null);
            }
        }
    }

    @Override
    public void close() {
        end(CLOSED);
    }

    @Override
    public String toString() {
        RunDraft draft = delivery.draft();
        String named = draft.name().equals(id().value()) ? "" : " '" + draft.name() + "'";
        return "run " + id() + named + " of " + draft.experiment() + (buffer.ended() ? ", ended" : ", being recorded");
    }

    RunBuffer buffer() {
        return buffer;
    }

    void checkOpen() {
        if (buffer.ended()) {
            throw new IllegalStateException("run " + id() + " has ended and takes no more artifacts");
        }
    }

    /** Waits until the store knows the run, which an artifact needs. */
    void awaitCreated() {
        awaitCreated(Deadline.in(config.closeWithin()));
    }

    void awaitCreated(Deadline deadline) {
        checkOpen();
        Ticket ticket = recorder.ask(delivery, Ticket.Want.CREATED);
        if (!ticket.await(Ticket.Until.TRIED, deadline, Interrupts.PUT_OFF)) {
            RuntimeException dropped = delivery.droppedBecause();
            RuntimeException failure = dropped == null ? ticket.failure() : dropped;
            recorder.checkTakesArtifacts(id(), failure);
            String what = "run " + id() + " could not be made, so that its artifacts cannot be stored";
            if (failure instanceof ConflictException) {
                throw new ConflictException(what + ": " + failure.getMessage());
            }
            throw failure instanceof RefusedException
                    ? new RefusedException(what + ": " + failure.getMessage(), failure)
                    : new BackendUnavailableException(what, false, failure);
        }
    }

    /** Waits until the store knows the run or failed to make it, for whoever reads. */
    void awaitTried() {
        recorder.awaitCreated(delivery);
    }

    private void throwFailure(@Nullable RuntimeException ofTheStore) {
        RuntimeException failure = ofTheStore == null ? delivery.droppedBecause() : ofTheStore;
        if (failure != null) {
            buffer.failures().tell();
            throw failure;
        }
        MlopsException refusal = buffer.failures().takeRefusal();
        if (refusal != null) {
            throw refusal;
        }
    }
}
