package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.core.codec.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A version to be made.
 *
 * @param key the client's key: a retry with the same key gets the version that was made the first time
 * @param files the contents of the version's files, copied in this order
 * @param manifest makes the manifest from the entries of the copied files
 * @param document makes the document of the name, which is written if the name has none yet
 */
public record VersionDraft(
        String name,
        String key,
        Map<RelativePath, Content> files,
        Function<List<ArtifactEntry>, Json> manifest,
        Supplier<Json> document) {}
