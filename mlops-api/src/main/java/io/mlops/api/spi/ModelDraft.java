package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.Times;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.schema.ModelSignature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version to be made; the store digests the files while it copies them.
 *
 * @param key made by the client: creating twice with it makes one version
 * @param files at least one, by path
 */
public record ModelDraft(
        String key,
        String model,
        SortedMap<RelativePath, Content> files,
        @Nullable RunId run,
        List<DatasetVersionId> datasets,
        @Nullable Integer parent,
        @Nullable ModelSignature signature,
        String description,
        Map<String, String> tags,
        String by,
        Instant created) {
    /** The name that no file of a version may have: a store that keeps versions as folders puts its manifest there. */
    public static final RelativePath MANIFEST = RelativePath.of("version.json");

    public ModelDraft {
        requireNonNull(key, "key");
        requireNonNull(model, "model");
        requireNonNull(files, "files");
        requireNonNull(datasets, "datasets");
        requireNonNull(description, "description");
        requireNonNull(tags, "tags");
        requireNonNull(by, "by");
        requireNonNull(created, "created");
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a version of " + model + " needs at least one file");
        }
        if (files.containsKey(MANIFEST)) {
            throw new IllegalArgumentException(
                    "a file of " + model + " may not have the name of its manifest, " + MANIFEST);
        }
        datasets = List.copyOf(datasets);
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        created = Times.storable(created);
    }

    /** The version that this makes, of these files. */
    public ModelVersion made(int number, List<ArtifactEntry> entries) {
        return new ModelVersion(
                new ModelVersionId(model, number),
                digestOf(entries),
                entries.stream().mapToLong(ArtifactEntry::bytes).sum(),
                run,
                datasets,
                parent,
                signature,
                description,
                tags,
                created,
                by);
    }

    /**
     * The digest of a version: SHA-256 of one line {@code <sha256 hex>  <path>\n} per file, ordered by the UTF-8 bytes
     * of the path; what {@code sha256sum} prints for the files, digested once more.
     *
     * @throws NullPointerException if an entry has no digest
     */
    public static Digest digestOf(List<ArtifactEntry> entries) {
        MessageDigest sha256 = ContentCopy.sha256();
        SortedMap<RelativePath, Digest> sorted = new TreeMap<>();
        entries.forEach(entry -> sorted.put(entry.path(), Objects.requireNonNull(entry.digest(), "digest")));
        sorted.forEach(
                (path, digest) -> sha256.update((digest.hex() + "  " + path + "\n").getBytes(StandardCharsets.UTF_8)));
        return Digest.sha256(sha256.digest());
    }
}
