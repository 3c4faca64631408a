package io.mlops.api.tracker;

/** What a run may record about itself without being asked. Environment variables are never among it. */
public enum RunDetail {
    /** JDK, operating system, architecture, locale, zone, charset, cores, heap and main class. */
    SYSTEM,
    /** What is on the class and module path: names, versions and digests. */
    DEPENDENCIES,
    /** The image of the container, where its runtime shows one. */
    CONTAINER,
    /** Commit, branch, whether something is not committed, and the remote without credentials. */
    GIT,
    /** Who runs it. */
    USER
}
