package io.mlops.backends.http.run;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.artifact.Place;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.server.FoundRun;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.ServerRun;

/** The small files that the library keeps with a run, hidden among its artifacts. Thread-safe. */
record HiddenFiles(RemoteFiles files) {
    /** Stores a file, or the same once more. */
    void put(ServerRun run, String name, byte[] bytes) {
        ArtifactEntry unused = files.put(placeOf(run), path(name), Content.of(bytes));
    }

    /**
     * Reads a whole file.
     *
     * @throws CorruptDataException if there is none of this name
     */
    byte[] read(ServerRun run, String name) {
        return files.read(placeOf(run), path(name))
                .orElseThrow(() -> new CorruptDataException("run " + run.id() + " has lost " + path(name), null));
    }

    private static Place placeOf(ServerRun run) {
        return Place.of(FoundRun.of(run.id(), run));
    }

    private static RelativePath path(String name) {
        return RelativePath.of(Reserved.FOLDER + "/" + name);
    }
}
