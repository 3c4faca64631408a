package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.Times;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.schema.ModelSignature;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version to be made; the store digests the files while it copies them.
 *
 * @param key made by the client: creating twice with it makes one version of the same files
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
            throw new IllegalArgumentException("a file of " + model + " may not be called " + MANIFEST
                    + " at the top, since the manifest of the version is: rename it, or put it into a folder");
        }
        datasets = List.copyOf(datasets);
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        created = Times.storable(created);
    }

    /**
     * Returns the version that was made earlier with this draft's key.
     *
     * @param digest the digest of this draft's files
     * @throws ConflictException if that version holds other files
     */
    public ModelVersion again(ModelVersion earlier, Digest digest) {
        if (earlier.digest() != null && !earlier.digest().equals(digest)) {
            throw new ConflictException("model version " + earlier.id() + " was registered under the key '" + key
                    + "' with other files (" + earlier.digest() + ", now " + digest
                    + "): choose another key, or register those files");
        }
        return earlier;
    }

    /** The version that this draft becomes, of these files. */
    public ModelVersion made(int number, List<ArtifactEntry> entries) {
        return new ModelVersion(
                new ModelVersionId(model, number),
                FileListDigest.of(entries),
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
}
