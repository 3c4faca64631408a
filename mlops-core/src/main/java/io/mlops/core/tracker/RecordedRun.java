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
import org.jspecify.annotations.Nullable;

/** A run being recorded: what the program holds. Thread-safe. */
final class RecordedRun implements Run {
    private final Recorder recorder;
    private final RecordingSettings settings;
    private final RunDelivery delivery;
    private final RunBuffer buffer;
    private final RunArtifacts artifacts;

    RecordedRun(Recorder recorder, RecordingSettings settings, RunDelivery delivery, ArtifactStore store) {
        this.recorder = recorder;
        this.settings = settings;
        this.delivery = delivery;
        this.buffer = delivery.buffer();
        this.artifacts = new StoredRunArtifacts(
                store, delivery.id(), this::awaitCreated, () -> recorder.awaitCreated(delivery), settings.workFolder());
    }

    @Override
    public RunId id() {
        return delivery.id();
    }

    @Override
    public void metric(String key, double value, long step) {
        buffer.add(key, value, step, false);
    }

    @Override
    public void metric(String key, double value) {
        buffer.add(key, value, 0, true);
    }

    @Override
    public long nextStep(String key) {
        return buffer.nextStep(key);
    }

    @Override
    public void record(RunFact fact) {
        buffer.add(fact);
    }

    @Override
    public RunArtifacts artifacts() {
        return artifacts;
    }

    @Override
    public boolean flush(Duration within) {
        boolean failFast = settings.failures() == FailurePolicy.FAIL;
        boolean done = delivery.settled();
        if (!done) {
            Ticket ticket = recorder.ask(delivery, Ticket.Want.DURABLE);
            done = ticket.await(Deadline.in(within), failFast, true);
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
        if (!buffer.end()) {
            return;
        }
        delivery.askEnd(outcome);
        Ticket ticket = recorder.ask(delivery, Ticket.Want.DURABLE);
        boolean done = ticket.await(Deadline.in(settings.endWithin()), true, false);
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
        end(new RunOutcome.Failed("closed", "closed before complete()"));
    }

    /** An artifact needs the run to be there. */
    private void awaitCreated() {
        if (buffer.ended()) {
            throw new IllegalStateException("run " + id() + " has ended and takes no more artifacts");
        }
        Ticket ticket = recorder.ask(delivery, Ticket.Want.CREATED);
        if (!ticket.await(Deadline.in(settings.endWithin()), true, false)) {
            throw new BackendUnavailableException(
                    "run " + id() + " could not be made, so that its artifacts cannot be stored",
                    false,
                    ticket.failure());
        }
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
