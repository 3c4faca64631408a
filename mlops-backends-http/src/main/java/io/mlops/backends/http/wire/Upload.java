package io.mlops.backends.http.wire;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to be sent to a place of the server; the content is opened again for each try.
 *
 * @param call where to, such as {@code Call.put("api/2.0/mlflow-artifacts/artifacts").segments(…)}, without a body
 * @param path what to call the bytes in the entry and in messages
 * @param chunked whether they are sent in pieces, so that no server takes a part for the whole; else with their length, as
 *     some endpoints want it
 */
public record Upload(Call call, RelativePath path, Content content, boolean chunked) {
    /** Bytes that are sent in pieces. */
    public Upload(Call call, RelativePath path, Content content) {
        this(call, path, content, true);
    }

    public Upload {
        requireNonNull(call, "call");
        requireNonNull(path, "path");
        requireNonNull(content, "content");
    }

    /**
     * What was sent in the end.
     *
     * @param entry the path with length and digest of the bytes, computed while they were sent
     * @param etag what an object store calls them; null if it does not say
     */
    public record Done(ArtifactEntry entry, @Nullable String etag) {}
}
