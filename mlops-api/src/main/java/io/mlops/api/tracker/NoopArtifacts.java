package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RelativePath;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Artifacts that take everything and keep nothing, without even reading what they are given. Thread-safe. */
final class NoopArtifacts implements RunArtifacts {
    static final NoopArtifacts INSTANCE = new NoopArtifacts();

    private NoopArtifacts() {}

    @Override
    public ArtifactEntry put(String path, Content content) {
        return new ArtifactEntry(
                RelativePath.of(path), requireNonNull(content, "content").bytes(), null);
    }

    @Override
    public ArtifactEntry put(String path, InputStream stream) {
        requireNonNull(stream, "stream");
        return new ArtifactEntry(RelativePath.of(path), 0, null);
    }

    @Override
    public void put(String path, Path fileOrFolder) {}

    @Override
    public RunArtifacts progress(Progress listener) {
        requireNonNull(listener, "listener");
        return this;
    }

    @Override
    public Listing<ArtifactEntry> list(String folder) {
        return request -> new Page<>(List.of(), null);
    }

    @Override
    public Optional<ArtifactEntry> find(String path) {
        return Optional.empty();
    }

    @Override
    public InputStream open(String path) {
        throw new NotFoundException("no artifact '" + path + "': this tracker records nothing");
    }

    @Override
    public Path download(String path, Path target) {
        throw new NotFoundException("no artifact '" + path + "': this tracker records nothing");
    }
}
