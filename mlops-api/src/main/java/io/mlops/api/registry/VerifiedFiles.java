package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import java.nio.file.Path;
import java.util.List;

/** A private folder that holds the files of a version and nothing else, each found equal to its manifest. */
public record VerifiedFiles(ModelVersion version, Path folder, List<ArtifactEntry> entries) {
    public VerifiedFiles {
        requireNonNull(version, "version");
        requireNonNull(folder, "folder");
        requireNonNull(entries, "entries");
        entries = List.copyOf(entries);
    }

    /**
     * The path at which a file of the version lies.
     *
     * @throws NotFoundException if the version has no such file
     */
    public Path path(String file) {
        RelativePath path = RelativePath.of(file);
        if (entries.stream().noneMatch(entry -> entry.path().equals(path))) {
            throw new NotFoundException("model version " + version.id() + " has no file '" + file + "', only "
                    + entries.stream().map(ArtifactEntry::path).toList());
        }
        return folder.resolve(path.value());
    }
}
