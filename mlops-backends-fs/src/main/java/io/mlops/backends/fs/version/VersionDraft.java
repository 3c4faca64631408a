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
 * A version that is to be made.
 *
 * @param key the client's: whoever comes again with it gets the version that was made the first time
 * @param files what the version holds, copied in this order
 * @param manifest makes the manifest, once it is known what the files are
 * @param document makes the document of the name, which is kept if the name has none yet
 */
public record VersionDraft(
        String name,
        String key,
        Map<RelativePath, Content> files,
        Function<List<ArtifactEntry>, Json> manifest,
        Supplier<Json> document) {}
