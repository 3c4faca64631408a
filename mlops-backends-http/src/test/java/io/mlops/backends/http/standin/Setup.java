package io.mlops.backends.http.standin;

import java.nio.file.Files;
import java.nio.file.Path;

/** A way to start a real server. */
public enum Setup {
    /** A server on SQLite that serves its artifacts. */
    PLAIN,
    /** All paths below {@code /ml/flow}. */
    PREFIX,
    /** Artifacts in a folder that clients have to reach by themselves. */
    FOLDER,
    /** Users with passwords, each of whom may read what the others have. */
    USERS,
    /** A server on PostgreSQL, which is started with it. */
    POSTGRESQL;

    /** Whether what it needs besides MLflow is installed. */
    boolean present() {
        return this != POSTGRESQL || Files.isDirectory(Path.of("/usr/lib/postgresql"));
    }

    /** The path of its address. */
    String path() {
        return this == PREFIX ? "/ml/flow" : "";
    }
}
