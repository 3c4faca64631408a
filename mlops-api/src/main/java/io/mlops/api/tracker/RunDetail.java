package io.mlops.api.tracker;

/** A part of its environment that a run may record without being asked. Environment variables are never recorded. */
public enum RunDetail {
    /** JDK, operating system, architecture, locale, zone, charset, cores, heap and main class. */
    SYSTEM,
    /** Names, versions and digests of what is on the class and module path. */
    DEPENDENCIES,
    /** The image of the container, where its runtime shows one. */
    CONTAINER,
    /** Commit, branch, whether something is not committed, and the remote without credentials. */
    GIT,
    /** The user who runs the program. */
    USER
}
