package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.Names;
import io.mlops.api.common.RunId;
import java.time.Duration;

/** A run that takes everything and keeps nothing. Thread-safe. */
record NoopRun(RunId id) implements Run {
    @Override
    public void metric(String key, double value, long step) {}

    @Override
    public long nextStep(String key) {
        return 0;
    }

    @Override
    public void record(RunFact fact) {
        requireNonNull(fact, "fact");
    }

    @Override
    public Run child(String name) {
        Names.checkName("run", name);
        return this;
    }

    @Override
    public RunArtifacts artifacts() {
        return NoopArtifacts.INSTANCE;
    }

    @Override
    public boolean flush(Duration within) {
        return true;
    }

    @Override
    public void end(RunOutcome outcome) {
        requireNonNull(outcome, "outcome");
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "run " + id + ", which keeps nothing";
    }
}
