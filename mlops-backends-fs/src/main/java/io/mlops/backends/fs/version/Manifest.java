package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a version, as read from its document.
 *
 * @param made the version as it was made
 * @param key the client's key, under which a retry finds the version
 * @param digest the digest of all files together; null if the kind of thing has none
 * @param files the files, in the order of their paths
 */
public record Manifest<T>(T made, String key, @Nullable Digest digest, Map<RelativePath, ArtifactEntry> files) {}
