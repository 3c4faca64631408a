package io.mlops.core.tracker;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.OpenArtifact;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of runs, for which closing waits while they are being put. Thread-safe. */
record AwaitedArtifacts(Recorder recorder, ArtifactStore store) implements ArtifactStore {
    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
        return recorder.put(run, () -> store.put(run, files));
    }

    @Override
    public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
        return store.find(owner, path);
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        return store.list(owner, folder, page);
    }

    @Override
    public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
        return store.open(owner, path);
    }
}
