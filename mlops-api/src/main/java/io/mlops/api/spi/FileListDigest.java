package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The digest of a list of files, which versions have, and folders of classes: SHA-256 of one line
 * {@code <sha256 hex>  <path>\n} per file, ordered by the UTF-8 bytes of the path; what {@code sha256sum} prints for the
 * files, digested once more.
 */
public final class FileListDigest {
    private FileListDigest() {}

    /**
     * The digest of the files of a version.
     *
     * @throws NullPointerException if an entry has no digest
     */
    public static Digest of(List<ArtifactEntry> entries) {
        Map<String, Digest> digests = new HashMap<>();
        for (ArtifactEntry entry : entries) {
            digests.put(entry.path().value(), requireNonNull(entry.digest(), "digest"));
        }
        return of(digests);
    }

    /** The digest of files whose digests are known, by their paths with {@code /} in between. */
    public static Digest of(Map<String, Digest> files) {
        SortedMap<byte[], Digest> sorted = new TreeMap<>(Arrays::compareUnsigned);
        for (Map.Entry<String, Digest> file : files.entrySet()) {
            sorted.put(file.getKey().getBytes(StandardCharsets.UTF_8), file.getValue());
        }
        MessageDigest lines = ContentCopy.sha256();
        for (Map.Entry<byte[], Digest> file : sorted.entrySet()) {
            lines.update((file.getValue().hex() + "  ").getBytes(StandardCharsets.US_ASCII));
            lines.update(file.getKey());
            lines.update((byte) '\n');
        }
        return Digest.sha256(lines.digest());
    }
}
