package io.mlops.api.artifact;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RefusedException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The artifacts of a run that still runs. A put blocks until the bytes are durable, and always throws if that fails,
 * whatever the failure policy; a reader sees the old bytes or the new ones. It has no deadline but that of the store: how
 * long the bytes take nobody else can know. One that hangs holds its caller alone, and no recording and no close. Thread-safe.
 */
public interface RunArtifacts extends Artifacts {
    /**
     * Stores or replaces one artifact.
     *
     * @throws IllegalArgumentException if the path lies in the folder {@code .mlops}, where stores keep what is theirs
     */
    ArtifactEntry put(String path, Content content);

    /** Stores or replaces one artifact; reads the stream to its end, and leaves it open. */
    ArtifactEntry put(String path, InputStream stream);

    /**
     * Stores a file under this path, or every file of a folder below it, each as long as it is when the call begins: a
     * log may grow meanwhile.
     *
     * @throws NotFoundException if there is no such file or folder
     * @throws RefusedException if one of them is a link, no regular file, cannot be read, or became shorter meanwhile
     */
    void put(String path, Path fileOrFolder);

    @Override
    RunArtifacts progress(Progress listener);

    /** Stores text as UTF-8; named so that nobody passes a file name to it. */
    default ArtifactEntry putText(String path, String text) {
        return put(path, Content.text(text));
    }
}
