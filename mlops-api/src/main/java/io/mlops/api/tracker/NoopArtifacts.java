package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.Listing;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RelativePath;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Artifacts that take everything and keep nothing, without even reading what they are given: a listener hears that all
 * is done at once. Thread-safe.
 */
record NoopArtifacts(Progress listener) implements RunArtifacts {
    static final NoopArtifacts INSTANCE = new NoopArtifacts(Progress.none());

    NoopArtifacts {
        requireNonNull(listener, "listener");
    }

    @Override
    public ArtifactEntry put(String path, Content content) {
        ArtifactEntry entry = new ArtifactEntry(
                checked(path), requireNonNull(content, "content").bytes(), null);
        tell(path, entry.bytes());
        return entry;
    }

    @Override
    public ArtifactEntry put(String path, InputStream stream) {
        requireNonNull(stream, "stream");
        ArtifactEntry entry = new ArtifactEntry(checked(path), 0, null);
        tell(path, 0);
        return entry;
    }

    @Override
    public void put(String path, Path fileOrFolder) {
        tell(path, 0);
    }

    private static RelativePath checked(String path) {
        return Names.checkArtifact(RelativePath.of(path));
    }

    private void tell(String path, long bytes) {
        NoopTracker.tell(listener, "store " + path, 0, bytes);
        NoopTracker.tell(listener, "store " + path, bytes, bytes);
    }

    @Override
    public RunArtifacts progress(Progress newListener) {
        return new NoopArtifacts(newListener);
    }

    @Override
    public Listing<ArtifactEntry> list(String folder) {
        return NoopTracker.none("artifacts");
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

    @Override
    public String toString() {
        return "artifacts of a tracker that records nothing";
    }
}
