package io.mlops.api.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import org.jspecify.annotations.Nullable;

/** Path, size and digest of one stored artifact; the digest is null where a foreign writer left none. */
public record ArtifactEntry(
        RelativePath path, long bytes, @Nullable Digest digest) {
    public ArtifactEntry {
        requireNonNull(path, "path");
        if (bytes < 0) {
            throw new IllegalArgumentException(path + " cannot have " + bytes + " bytes");
        }
    }
}
