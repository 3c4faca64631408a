package io.mlops.backends.http.model;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.FileListDigest;
import io.mlops.api.spi.ModelDraft;
import io.mlops.core.codec.Json;
import java.util.List;

/** The {@code version.json} beside the files of a version: each with its size and digest. Not for instances. */
final class VersionManifest {
    private VersionManifest() {}

    static byte[] write(ModelDraft draft, List<ArtifactEntry> files) {
        return Json.object()
                .put("format", 1)
                .put("model", draft.model())
                .put("key", draft.key())
                .put("created", draft.created())
                .put("by", draft.by())
                .put("files", files.stream().map(VersionManifest::json).toList())
                .bytes();
    }

    private static Json json(ArtifactEntry entry) {
        return Json.object()
                .put("path", entry.path().value())
                .put("bytes", entry.bytes())
                .put("digest", String.valueOf(entry.digest()));
    }

    /**
     * Reads the files that a manifest names.
     *
     * @param version what to call it in messages
     * @param expected the digest that the server keeps of the version
     * @throws CorruptDataException if it is damaged, or not that of this version
     */
    static List<ArtifactEntry> read(byte[] bytes, String version, Digest expected) {
        Json json = Json.parse(bytes, ModelDraft.MANIFEST + " of " + version);
        if (json.number("format") != 1) {
            throw json.corrupt("format", "1: read it with a newer version of mlops", null);
        }
        List<ArtifactEntry> files = json.children("files").stream()
                .map(file -> new ArtifactEntry(
                        file.parsed("path", "a path", RelativePath::of),
                        file.size("bytes"),
                        file.parsed("digest", "a digest", Digest::parse)))
                .toList();
        if (!FileListDigest.of(files).equals(expected)) {
            throw new CorruptDataException(
                    json.source() + " names other files than those that were registered (" + expected + ")", null);
        }
        return files;
    }
}
