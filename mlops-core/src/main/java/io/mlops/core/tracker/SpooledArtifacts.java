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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The files of runs, put into a spool and read wherever they are by now. Thread-safe. */
record SpooledArtifacts(ArtifactStore spool, ArtifactStore store, SpoolReads reads) implements ArtifactStore {
    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
        List<ArtifactEntry> entries = spool.put(run, files);
        reads.spool().forwarding().changed(run, 0);
        return entries;
    }

    @Override
    public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
        return in(owner, artifacts -> artifacts.find(owner, path));
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        return in(owner, artifacts -> artifacts.list(owner, folder, page));
    }

    @Override
    public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
        return in(owner, artifacts -> artifacts.open(owner, path));
    }

    private <T> T in(ArtifactOwner owner, Function<ArtifactStore, T> read) {
        return owner instanceof RunId run
                ? reads.either(run, () -> read.apply(spool), () -> read.apply(store))
                : reads.inStore(() -> read.apply(store));
    }
}
