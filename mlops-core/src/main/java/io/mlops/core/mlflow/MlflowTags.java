package io.mlops.core.mlflow;

import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;

/**
 * The tags under which MLflow keeps what it knows of a run. Those that runs get by themselves are spelled in the API.
 */
public final class MlflowTags {
    /** The tag that tells who made the run. */
    public static final String USER = RunEnvironment.USER_TAG;

    /** The tag of the run's text for people. */
    public static final String NOTE = RunFact.NOTE;

    /** The tag that tells which program the run ran. */
    public static final String SOURCE = RunEnvironment.SOURCE_TAG;

    /** The tag of the commit that the program was built from. */
    public static final String GIT_COMMIT = RunEnvironment.COMMIT_TAG;

    /** The tag of the branch that was checked out. */
    public static final String GIT_BRANCH = RunEnvironment.BRANCH_TAG;

    /** The tag of the repository's address. */
    public static final String GIT_REMOTE = RunEnvironment.REMOTE_TAG;

    private MlflowTags() {}
}
