package io.mlops.core.memory;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.ModelVersionId;
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
    private final Map<ArtifactOwner, SortedMap<RelativePath, Stored>> byOwner = new HashMap<>();

    MemoryArtifacts(Faults faults, MemoryRuns runs) {
        this.faults = faults;
        this.runs = runs;
    }

    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
        faults.check("put artifacts of run " + run);
        MemoryRun unused = runs.of(run);
        return store(run, files);
    }

    /** Stores files, or none of them unless all could be read. */
    List<ArtifactEntry> store(ArtifactOwner owner, Map<RelativePath, Content> files) {
        SortedMap<RelativePath, Stored> read = new TreeMap<>();
        files.forEach((path, content) -> read.put(path, read(path, content)));
        synchronized (lock) {
            SortedMap<RelativePath, Stored> all = new TreeMap<>(byOwner.getOrDefault(owner, new TreeMap<>()));
            all.putAll(read);
            checkTree(owner, all);
            byOwner.put(owner, all);
        }
        return read.values().stream().map(Stored::entry).toList();
    }

    @Override
    public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
        faults.check("find artifact " + path + " of " + owner);
        return Optional.ofNullable(files(owner).get(path)).map(Stored::entry);
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        faults.check("list artifacts of " + owner);
        checkOwner(owner);
        List<ArtifactEntry> below = files(owner).values().stream()
                .map(Stored::entry)
                .filter(entry -> folder == null || entry.path().isBelow(folder))
                .toList();
        return Pages.byPath(below, page);
    }

    @Override
    public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
        faults.check("open artifact " + path + " of " + owner);
        Stored stored = files(owner).get(path);
        if (stored == null) {
            throw new NotFoundException("no artifact '" + path + "' of " + owner);
        }
        try {
            return new OpenArtifact(stored.entry(), stored.content().open());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    /** Removes all files of a run that was removed; returns what that were, the run included. */
    Purged remove(RunId run) {
        SortedMap<RelativePath, Stored> gone;
        synchronized (lock) {
            gone = byOwner.remove(run);
        }
        if (gone == null) {
            return new Purged(1, 0, 0);
        }
        long bytes = gone.values().stream()
                .mapToLong(stored -> stored.entry().bytes())
                .sum();
        return new Purged(1, gone.size(), bytes);
    }

    private void checkOwner(ArtifactOwner owner) {
        if (owner instanceof RunId run) {
            runs.of(run);
        } else if (owner instanceof ModelVersionId version) {
            if (files(version).isEmpty()) {
                throw new NotFoundException("no model version " + version);
            }
        } else {
            throw new IllegalStateException("no case for " + owner.getClass().getName());
        }
    }

    private SortedMap<RelativePath, Stored> files(ArtifactOwner owner) {
        synchronized (lock) {
            return byOwner.getOrDefault(owner, new TreeMap<>());
        }
    }

    private Stored read(RelativePath path, Content content) {
        if (content instanceof StoredContent own) {
            Stored known = files(own.run()).get(own.entry().path());
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

    private static void checkTree(ArtifactOwner owner, SortedMap<RelativePath, Stored> all) {
        for (RelativePath path : all.keySet()) {
            for (int slash = path.value().lastIndexOf('/');
                    slash > 0;
                    slash = path.value().lastIndexOf('/', slash - 1)) {
                RelativePath folder = RelativePath.of(path.value().substring(0, slash));
                if (all.containsKey(folder)) {
                    throw new ConflictException("artifact '" + folder + "' of " + owner
                            + " cannot be a file and the folder of '" + path + "': choose another path");
                }
            }
        }
    }
}
