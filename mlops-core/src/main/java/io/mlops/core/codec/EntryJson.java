package io.mlops.core.codec;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;

/** One file of an artifact list or manifest. */
public final class EntryJson {
    static final String DIGEST = "a digest such as sha256:9f86d081…";

    private EntryJson() {}

    /** An object with path, bytes and digest. */
    public static Json write(ArtifactEntry entry) {
        return update(Json.object(), entry);
    }

    /** Makes an object say this; what else it holds stays. */
    public static Json update(Json json, ArtifactEntry entry) {
        Digest digest = entry.digest();
        return json.put("path", entry.path().value())
                .put("bytes", entry.bytes())
                .put("digest", digest == null ? null : digest.toString());
    }

    /** What {@link #write} wrote. */
    public static ArtifactEntry read(Json json) {
        return new ArtifactEntry(
                json.parsed("path", "a relative path", RelativePath::of),
                json.size("bytes"),
                json.parsedOrNull("digest", DIGEST, Digest::parse));
    }
}
