package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the manifest of a version says.
 *
 * @param made the version as it was made
 * @param key the client's
 * @param digest of all files together; null if it has none
 * @param files in the order of their paths
 */
public record Manifest<T>(T made, String key, @Nullable Digest digest, Map<RelativePath, ArtifactEntry> files) {}
