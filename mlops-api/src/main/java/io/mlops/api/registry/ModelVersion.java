package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NumberedVersion;
import io.mlops.api.common.RunId;
import io.mlops.api.common.Times;
import io.mlops.api.schema.ModelSignature;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable numbered version of a model; only description and tags may change.
 *
 * @param digest of the list of all files with their digests; null if a foreign tool registered it
 * @param bytes of all files together
 * @param run that made it
 * @param datasets that it learned from
 * @param parent the version that it came from, by fine-tuning for instance
 * @param by who registered it
 */
public record ModelVersion(
        ModelVersionId id,
        @Nullable Digest digest,
        long bytes,
        @Nullable RunId run,
        List<DatasetVersionId> datasets,
        @Nullable Integer parent,
        @Nullable ModelSignature signature,
        String description,
        Map<String, String> tags,
        Instant created,
        String by)
        implements NumberedVersion {
    public ModelVersion {
        requireNonNull(id, "id");
        requireNonNull(datasets, "datasets");
        requireNonNull(description, "description");
        requireNonNull(tags, "tags");
        created = Times.storable(requireNonNull(created, "created"));
        requireNonNull(by, "by");
        datasets = List.copyOf(datasets);
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** The model's name. */
    public String model() {
        return id.model();
    }

    /** The same as {@link #model}, for code that takes a version of anything. */
    @Override
    public String name() {
        return id.model();
    }

    /** The version's number. */
    @Override
    public int number() {
        return id.number();
    }
}
