package io.mlops.api.spi;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files of runs, and reads those of model versions. Every call is durable when it returns, and safe to
 * repeat. Thread-safe.
 */
public interface ArtifactStore {
    /**
     * Stores or replaces files; readers see each old or new, never between. If it fails, some may have been stored.
     *
     * @return an entry for each, by path
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if a path would be a file and a folder at once; nothing is stored then
     * @throws IllegalArgumentException if {@code Names.checkArtifact} refuses a path; nothing is stored then
     */
    List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files);

    /** Finds the artifact with exactly this path; empty if there is none. */
    Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path);

    /**
     * Lists the artifacts below a folder, by path.
     *
     * @param folder null for the root
     * @throws NotFoundException if there is no such owner
     * @throws CorruptDataException if a version holds a file that its manifest does not name
     */
    Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page);

    /**
     * Opens an artifact: its entry and its bytes, which belong together even while it is being replaced. The bytes are
     * unverified; the caller compares them with the entry.
     *
     * @throws NotFoundException if absent
     */
    OpenArtifact open(ArtifactOwner owner, RelativePath path);
}
