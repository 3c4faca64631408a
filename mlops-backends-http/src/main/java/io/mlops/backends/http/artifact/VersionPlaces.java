package io.mlops.backends.http.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.ModelVersionId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells where the files of model versions lie. Thread-safe. */
@FunctionalInterface
public interface VersionPlaces {
    /**
     * The files of a version.
     *
     * @param manifest all of them, by path; null for a version that others made
     */
    record VersionFiles(Place place, @Nullable List<ArtifactEntry> manifest) {
        public VersionFiles {
            requireNonNull(place, "place");
            manifest = manifest == null ? null : List.copyOf(manifest);
        }
    }

    /**
     * Finds the files of a version.
     *
     * @return empty if there is no such version
     * @throws CorruptDataException if it is one of ours without its manifest
     */
    Optional<VersionFiles> find(ModelVersionId version);
}
