package io.mlops.core.codec;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;

/** One file of an artifact list or manifest. */
public final class EntryJson {
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
        String digest = json.textOrNull("digest");
        try {
            return new ArtifactEntry(
                    RelativePath.of(json.text("path")),
                    json.number("bytes"),
                    digest == null ? null : Digest.parse(digest));
        } catch (IllegalArgumentException e) {
            throw json.corrupt("path", "a relative path with size and digest", e);
        }
    }
}
