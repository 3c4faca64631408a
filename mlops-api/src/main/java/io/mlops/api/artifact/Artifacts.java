package io.mlops.api.artifact;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the named bytes of a run or a model version. Paths are relative, with forward slashes. Every read is checked
 * against size and digest where the store has them. Thread-safe.
 */
public interface Artifacts {
    /** Everything below a folder, by path; {@code ""} for all. */
    Listing<ArtifactEntry> list(String folder);

    /** The artifact with exactly this path. */
    Optional<ArtifactEntry> find(String path);

    /** The same, telling a listener how many bytes of a download, or of a put, are done. */
    Artifacts progress(Progress listener);

    /**
     * Opens an artifact. What is wrong with the bytes shows at the end of the stream, as a
     * {@link CorruptDataException}: do not use them before.
     *
     * @throws NotFoundException if absent
     */
    InputStream open(String path);

    /**
     * Copies one artifact, or every one below a folder ({@code ""} for all), below a local folder, which is made if
     * absent. A file appears there only once it was read whole and found right.
     *
     * @return where the file or folder lies
     * @throws NotFoundException if there is nothing at this path
     * @throws CorruptDataException if the bytes are not those that were stored
     */
    Path download(String path, Path target);
}
