package io.mlops.core.memory;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.api.spi.StoredContent;
import io.mlops.api.tracker.Purged;
import io.mlops.core.query.Pages;
import io.mlops.core.query.PathTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Files of runs and versions in memory. Thread-safe. */
final class MemoryArtifacts implements ArtifactStore {
    private record Stored(ArtifactEntry entry, Content content) {}

    private final Faults faults;
    private final MemoryRuns runs;
    private final Object lock = new Object();
    /** Guarded by the lock, the trees included. */
    private final Map<ArtifactOwner, PathTree<Stored>> byOwner = new HashMap<>();

    MemoryArtifacts(Faults faults, MemoryRuns runs) {
        this.faults = faults;
        this.runs = runs;
    }

    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
        faults.check("put artifacts of run " + run);
        files.keySet().forEach(Names::checkArtifact);
        MemoryRun unused = runs.of(run);
        return store(run, files);
    }

    /** Stores files, or none of them unless all could be read. */
    List<ArtifactEntry> store(ArtifactOwner owner, Map<RelativePath, Content> files) {
        SortedMap<RelativePath, Stored> read = new TreeMap<>();
        files.forEach((path, content) -> read.put(path, read(path, content)));
        synchronized (lock) {
            PathTree<Stored> all = byOwner.getOrDefault(owner, new PathTree<>());
            all.checkFree(owner instanceof RunId ? "run " + owner : owner.toString(), read.keySet());
            read.forEach(all::put);
            byOwner.put(owner, all);
        }
        return read.values().stream().map(Stored::entry).toList();
    }

    @Override
    public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
        faults.check("find artifact " + path + " of " + owner);
        return Optional.ofNullable(stored(owner, path)).map(Stored::entry);
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        faults.check("list artifacts of " + owner);
        checkOwner(owner);
        List<Stored> oneMore;
        synchronized (lock) {
            PathTree<Stored> files = byOwner.get(owner);
            oneMore = files == null ? List.of() : files.oneMore(folder, page);
        }
        List<ArtifactEntry> entries = oneMore.stream().map(Stored::entry).toList();
        return Pages.cut(entries, page.limit(), entry -> entry.path().value());
    }

    @Override
    public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
        faults.check("open artifact " + path + " of " + owner);
        Stored stored = stored(owner, path);
        if (stored == null) {
            throw new NotFoundException("no artifact '" + path + "' of " + owner);
        }
        try {
            return new OpenArtifact(stored.entry(), stored.content().open());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    /** Removes all files of a run that was removed; counts them and the run. */
    Purged remove(RunId run) {
        PathTree<Stored> gone;
        synchronized (lock) {
            gone = byOwner.remove(run);
        }
        if (gone == null) {
            return new Purged(1, 0, 0);
        }
        long bytes = gone.files().stream()
                .mapToLong(stored -> stored.entry().bytes())
                .sum();
        return new Purged(1, gone.size(), bytes);
    }

    private void checkOwner(ArtifactOwner owner) {
        if (owner instanceof RunId run) {
            runs.of(run);
        } else if (owner instanceof ModelVersionId version) {
            boolean known;
            synchronized (lock) {
                known = byOwner.containsKey(version);
            }
            if (!known) {
                throw new NotFoundException("no model version " + version);
            }
        } else {
            throw new IllegalStateException("no case for " + owner.getClass().getName());
        }
    }

    private @Nullable Stored stored(ArtifactOwner owner, RelativePath path) {
        synchronized (lock) {
            PathTree<Stored> files = byOwner.get(owner);
            return files == null ? null : files.find(path);
        }
    }

    private Stored read(RelativePath path, Content content) {
        if (content instanceof StoredContent own) {
            Stored known = stored(own.run(), own.entry().path());
            if (known != null && known.entry().equals(own.entry())) {
                ArtifactEntry entry = new ArtifactEntry(
                        path, known.entry().bytes(), known.entry().digest());
                return new Stored(entry, known.content());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ArtifactEntry entry = ContentCopy.copy(path, content, bytes);
            return new Stored(entry, Content.of(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }
}
