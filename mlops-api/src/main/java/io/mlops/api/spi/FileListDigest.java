package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The digest of the files of a version, formed as {@link Digest#ofFiles} says. */
public final class FileListDigest {
    private FileListDigest() {}

    /**
     * The digest of the files of a version.
     *
     * @throws NullPointerException if an entry has no digest
     */
    public static Digest of(List<ArtifactEntry> entries) {
        Map<String, Digest> digests = new HashMap<>();
        for (ArtifactEntry entry : entries) {
            digests.put(entry.path().value(), requireNonNull(entry.digest(), "digest"));
        }
        return Digest.ofFiles(digests);
    }

    /** The digest that a version of these files would have; reads all of them. */
    public static Digest of(Map<RelativePath, Content> files) {
        List<ArtifactEntry> entries = new ArrayList<>();
        files.forEach((path, content) -> entries.add(ContentCopy.entry(path, content)));
        return of(entries);
    }
}
