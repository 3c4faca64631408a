package io.mlops.core.registry;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelSource;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.StoredContent;
import io.mlops.core.artifact.LocalFiles;
import io.mlops.core.artifact.StoredArtifacts;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.mlflow.MlModelFile;
import io.mlops.core.mlflow.PythonLeftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the files of a version that is to be registered, and describes them for Python. Thread-safe. */
record ModelFiles(ArtifactStore artifacts) {
    /** Returns the files of a spec, with the {@code MLmodel} that they have or else get. */
    SortedMap<RelativePath, Content> of(ModelSpec spec) {
        ModelSource source = spec.files();
        if (source == null) {
            throw new IllegalArgumentException("the spec of " + spec.model()
                    + " names no files: write ModelSpec.of(\"…\", path), or register it with what saves the model");
        }
        SortedMap<RelativePath, Content> files = new TreeMap<>(of(source));
        files.putIfAbsent(MlModelFile.NAME, MlModelFile.describe(files, spec.signature()));
        return files;
    }

    private SortedMap<RelativePath, Content> of(ModelSource source) {
        if (source instanceof ModelSource.Local local) {
            return local(local.fileOrFolder());
        } else if (source instanceof ModelSource.Contents contents) {
            return contents.files();
        } else if (source instanceof ModelSource.OfRun ofRun) {
            return ofRun(ofRun);
        }
        throw new IllegalStateException("no case for " + source.getClass().getName());
    }

    private static SortedMap<RelativePath, Content> local(Path source) {
        if (Files.isRegularFile(source)) {
            Path file = source.toAbsolutePath();
            Path folder = Objects.requireNonNull(file.getParent(), "a file is in a folder");
            return new TreeMap<>(Map.of(FilePaths.below(folder, file), LocalFiles.file(file)));
        }
        SortedMap<RelativePath, Content> files = LocalFiles.below(source, PythonLeftovers::isOne);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("folder " + source + " holds no file to register");
        }
        return files;
    }

    private SortedMap<RelativePath, Content> ofRun(ModelSource.OfRun source) {
        StoredArtifacts stored = new StoredArtifacts(artifacts, source.run());
        List<ArtifactEntry> found = source.path().isEmpty()
                ? List.of()
                : stored.find(source.path()).map(List::of).orElse(List.of());
        int folder = source.path().lastIndexOf('/') + 1;
        if (found.isEmpty()) {
            found = stored.list(source.path()).stream().toList();
            folder = source.path().isEmpty() ? 0 : source.path().length() + 1;
        }
        SortedMap<RelativePath, Content> files = new TreeMap<>();
        for (ArtifactEntry entry : found) {
            String path = entry.path().value().substring(folder);
            if (!PythonLeftovers.isOne(Path.of(path))) {
                StoredContent.Opening opening = () -> stored.open(entry.path().value());
                files.put(RelativePath.of(path), new StoredContent(source.run(), entry, opening));
            }
        }
        if (files.isEmpty()) {
            throw new NotFoundException(
                    "no artifact and no folder '" + source.path() + "' of run " + source.run() + " to register");
        }
        return files;
    }
}
