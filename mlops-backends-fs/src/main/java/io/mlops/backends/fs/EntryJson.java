package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.fs.store.Format;
import io.mlops.core.codec.Json;

/** The fields of one file in an artifact list or manifest. */
final class EntryJson {
    private EntryJson() {}

    /** Makes an object with path, bytes and digest. */
    static Json write(ArtifactEntry entry) {
        return update(Json.object(), entry);
    }

    /** Sets path, bytes and digest of an object; its other fields stay. */
    static Json update(Json json, ArtifactEntry entry) {
        Digest digest = entry.digest();
        return json.put("path", entry.path().value())
                .put("bytes", entry.bytes())
                .put("digest", digest == null ? null : digest.toString());
    }

    /** Reads what {@link #write} wrote. */
    static ArtifactEntry read(Json json) {
        return new ArtifactEntry(
                json.parsed("path", "a relative path", RelativePath::of),
                json.size("bytes"),
                json.parsedOrNull("digest", Format.DIGEST, Digest::parse));
    }
}
