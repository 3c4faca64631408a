package io.mlops.backends.http.run;

import io.mlops.api.common.CorruptDataException;
import io.mlops.backends.http.server.ServerRun;

/** The small files that the library keeps with a run, hidden among its artifacts. Thread-safe. */
public interface HiddenFiles {
    /** Stores a file, or the same once more. */
    void put(ServerRun run, String name, byte[] bytes);

    /**
     * Reads a whole file.
     *
     * @throws CorruptDataException if there is none of this name
     */
    byte[] read(ServerRun run, String name);
}
