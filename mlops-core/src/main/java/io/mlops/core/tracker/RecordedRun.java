package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.artifact.StoredRunArtifacts;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** A run being recorded: what the program holds. Thread-safe. */
final class RecordedRun implements Run {
    /** How a run ends that nobody ended. */
    static final RunOutcome CLOSED = new RunOutcome.Failed("closed", "closed before complete()");

    private final Recorder recorder;
    private final RecordingSettings settings;
    private final RunDelivery delivery;
    private final RunBuffer buffer;
    private final RunArtifacts artifacts;
    private final ObjLongConsumer<RecordedRun> beforeEnd;

    RecordedRun(
            Recorder recorder,
            RecordingSettings settings,
            RunDelivery delivery,
            ArtifactStore store,
            ObjLongConsumer<RecordedRun> beforeEnd) {
        this.recorder = recorder;
        this.settings = settings;
        this.delivery = delivery;
        this.buffer = delivery.buffer();
        this.beforeEnd = beforeEnd;
        this.artifacts = new StoredRunArtifacts(
                store, delivery.id(), this::awaitCreated, this::awaitTried, settings.workFolder());
    }

    @Override
    public RunId id() {
        return delivery.id();
    }

    @Override
    public void metric(String key, double value, long step) {
        buffer.add(key, value, step, false, Stamps.millis(settings.clock()));
    }

    @Override
    public void metric(String key, double value) {
        buffer.add(key, value, 0, true, Stamps.millis(settings.clock()));
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
    public RunArtifacts artifacts() {
        return artifacts;
    }

    @Override
    public boolean flush(Duration within) {
        return awaitFlush(askFlush(), Deadline.in(within));
    }

    /** Asks for what {@link #awaitFlush} waits for; null if it is done. */
    @Nullable
    Ticket askFlush() {
        return delivery.settled() ? null : recorder.ask(delivery, Ticket.Want.DURABLE);
    }

    boolean awaitFlush(@Nullable Ticket ticket, long deadline) {
        boolean failFast = settings.failures() == FailurePolicy.FAIL;
        boolean done = ticket == null;
        if (ticket != null) {
            done = ticket.await(deadline, failFast, true);
            if (failFast) {
                throwFailure(ticket.failure());
            }
        }
        if (failFast) {
            throwFailure(null);
        }
        return !buffer.takeLoss() && done;
    }

    @Override
    public void end(RunOutcome outcome) {
        requireNonNull(outcome, "outcome");
        long deadline = Deadline.in(settings.endWithin());
        Instant now = Stamps.now(settings.clock());
        prepareEnd(outcome, now, Deadline.in(settings.endWithin().dividedBy(2)));
        Ticket ticket = askEnd(outcome, now);
        if (ticket != null) {
            awaitEnd(ticket, deadline);
        }
    }

    /** Waits for what the run records by itself; the end itself needs the rest of the time. */
    void prepareEnd(RunOutcome outcome, Instant at, long deadline) {
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

    void awaitEnd(Ticket ticket, long deadline) {
        boolean done = ticket.await(deadline, true, false);
        if (settings.failures() == FailurePolicy.FAIL) {
            throwFailure(ticket.failure());
            if (!done) {
                throw new BackendUnavailableException(
                        "the end of run " + id() + " was not stored within " + settings.endWithin(), true, null);
            }
        }
    }

    @Override
    public void close() {
        end(CLOSED);
    }

    RunBuffer buffer() {
        return buffer;
    }

    void checkOpen() {
        if (buffer.ended()) {
            throw new IllegalStateException("run " + id() + " has ended and takes no more artifacts");
        }
    }

    /** An artifact needs the run to be there. */
    void awaitCreated() {
        awaitCreated(Deadline.in(settings.endWithin()));
    }

    void awaitCreated(long deadline) {
        checkOpen();
        Ticket ticket = recorder.ask(delivery, Ticket.Want.CREATED);
        if (!ticket.await(deadline, true, false)) {
            throw new BackendUnavailableException(
                    "run " + id() + " could not be made, so that its artifacts cannot be stored",
                    false,
                    ticket.failure());
        }
    }

    /** Whoever reads expects it there. */
    void awaitTried() {
        recorder.awaitCreated(delivery);
    }

    private void throwFailure(@Nullable RuntimeException ofTheStore) {
        RuntimeException failure = ofTheStore == null ? delivery.givenUpBecause() : ofTheStore;
        if (failure != null) {
            throw failure;
        }
        ConflictException contradiction = buffer.takeContradiction();
        if (contradiction != null) {
            throw contradiction;
        }
    }
}
