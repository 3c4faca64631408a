package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.core.codec.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A version to be made.
 *
 * @param key the client's key: a retry with the same key gets the version that was made the first time
 * @param files the contents of the version's files, copied in this order
 * @param manifest makes the manifest from the entries of the copied files
 * @param document makes the document of the name, which is written if the name has none yet
 * @param kept finds the contents that the store keeps already
 */
public record VersionDraft(
        String name,
        String key,
        Map<RelativePath, Content> files,
        Function<List<ArtifactEntry>, Json> manifest,
        Supplier<Json> document,
        Kept kept) {
    /** Finds the file that holds a content, if the store keeps it already and never changes it. */
    @FunctionalInterface
    public interface Kept {
        /** Returns the file to be linked into the version; null if the content is to be copied. */
        @Nullable
        Path file(Content content) throws IOException;
    }
}
