package io.mlops.api.tracker;

/**
 * The state of a run, in MLflow's words because filters name them; UNKNOWN stands for one that something newer wrote.
 */
public enum RunStatus {
    SCHEDULED,
    RUNNING,
    FINISHED,
    FAILED,
    KILLED,
    UNKNOWN;

    /** The status that an outcome leads to. */
    public static RunStatus of(RunOutcome outcome) {
        if (outcome instanceof RunOutcome.Finished) {
            return FINISHED;
        } else if (outcome instanceof RunOutcome.Failed) {
            return FAILED;
        } else if (outcome instanceof RunOutcome.Killed) {
            return KILLED;
        }
        throw new IllegalStateException("no case for " + outcome.getClass().getName());
    }

    /** Whether the run has ended. */
    public boolean ended() {
        return this == FINISHED || this == FAILED || this == KILLED;
    }
}
