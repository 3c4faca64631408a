package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.wire.Download;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One way to the files of a place. Thread-safe. */
interface FileAccess {
    /**
     * Lists what lies directly in a folder, in any order; nothing if there is no such folder.
     *
     * @param folder null for the root
     * @throws UnsupportedByBackendException if this way does not lead there
     */
    List<ListedFile> list(Place place, @Nullable RelativePath folder);

    /**
     * Stores or replaces a file.
     *
     * @throws UnsupportedByBackendException if this way does not lead there
     */
    ArtifactEntry put(Place place, RelativePath path, Content content);

    /**
     * Opens a file.
     *
     * @param from the offset of the first byte; the answer says where it begins indeed
     * @param etag of an earlier answer, so that a rest is of the same bytes; null at the first time
     * @throws NotFoundException if there is none
     */
    Download open(Place place, RelativePath path, long from, @Nullable String etag);

    /** Removes a file that was listed; one that is gone is no failure. */
    void delete(Place place, RelativePath path);
}
