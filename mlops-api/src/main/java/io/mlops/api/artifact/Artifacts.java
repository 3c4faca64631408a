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
    /**
     * Lists the artifacts below a folder, by path; {@code ""} lists all, of which there may be none.
     *
     * @throws NotFoundException when they are read, if there is no artifact below the folder, telling what is near, or no
     *     such run or version
     */
    Listing<ArtifactEntry> list(String folder);

    /** Lists all artifacts, by path. */
    default Listing<ArtifactEntry> list() {
        return list("");
    }

    /** Finds the artifact with exactly this path; empty if there is none. */
    Optional<ArtifactEntry> find(String path);

    /**
     * A view of the same artifacts that tells a listener how many bytes are done of a download, of a put, or of a stream
     * that was opened.
     */
    Artifacts progress(Progress listener);

    /**
     * Opens an artifact, whose bytes are verified while they are read: wrong ones end the stream with a
     * {@link CorruptDataException}, so do not use any before its end. The caller closes the stream.
     *
     * @throws NotFoundException if absent
     */
    InputStream open(String path);

    /**
     * Copies one artifact, or every one below a folder ({@code ""} for all), below a local folder, which is made if
     * absent. A file appears there only after all of it was read and verified.
     *
     * @return where the file or folder lies
     * @throws NotFoundException if there is nothing at this path
     * @throws CorruptDataException if the bytes are not those that were stored
     */
    Path download(String path, Path target);

    /**
     * Copies every artifact below a local folder, which is made if absent, as the other method does.
     *
     * @return the folder
     * @throws NotFoundException if there is none
     * @throws CorruptDataException if the bytes are not those that were stored
     */
    default Path download(Path folder) {
        return download("", folder);
    }
}
