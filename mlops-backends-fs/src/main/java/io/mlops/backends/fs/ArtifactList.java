package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.DigestingStream;
import io.mlops.backends.fs.store.Format;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The list of a run's artifacts, {@code artifacts.json}, with size and digest of each file. An entry whose file is
 * being replaced also names its successor, as {@code replacing}: until the list is written once more, the file is one
 * of the two. Not thread-safe.
 */
final class ArtifactList {
    private static final String FILES = "files";
    private static final String REPLACING = "replacing";

    private final Path root;
    private final Json json;
    private final Map<RelativePath, Json> byPath = new LinkedHashMap<>();

    private ArtifactList(Path root, Json json) {
        this.root = root;
        this.json = json;
        json.children(FILES).forEach(entry -> byPath.put(EntryJson.read(entry).path(), entry));
    }

    /**
     * Reads the list of a run.
     *
     * @param root the folder of the files
     * @param json the document; null if the run has no artifacts yet
     */
    static ArtifactList of(Path root, @Nullable Json json) {
        return new ArtifactList(root, json == null ? Format.stamp(Json.object()) : Format.checkReadable(json));
    }

    List<ArtifactEntry> entries() throws IOException {
        List<ArtifactEntry> entries = new ArrayList<>();
        for (Json entry : byPath.values()) {
            entries.add(current(entry));
        }
        return entries;
    }

    @Nullable
    ArtifactEntry find(RelativePath path) throws IOException {
        Json entry = byPath.get(path);
        return entry == null ? null : current(entry);
    }

    /**
     * Returns the entry of the file that is there: the old one until the rename, the new one from then on. May read the
     * whole file.
     */
    private ArtifactEntry current(Json entry) throws IOException {
        ArtifactEntry old = EntryJson.read(entry);
        if (!entry.has(REPLACING)) {
            return old;
        }
        ArtifactEntry next = EntryJson.read(entry.child(REPLACING));
        try {
            Path file = FilePaths.resolve(root, old.path());
            boolean replaced = Files.size(file) == next.bytes()
                    && (old.bytes() != next.bytes() || digestOf(file).equals(next.digest()));
            return replaced ? next : old;
        } catch (NoSuchFileException gone) {
            return old;
        }
    }

    private static Digest digestOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return DigestingStream.digest(in);
        }
    }

    /** Returns whether a file is being replaced, so that only a look at it tells which one is there. */
    boolean hasReplacements() {
        return byPath.values().stream().anyMatch(entry -> entry.has(REPLACING));
    }

    /**
     * Sets each entry that a put left with a successor to the file that is there; returns the paths of these entries.
     */
    Set<RelativePath> resolveReplacements() throws IOException {
        Set<RelativePath> resolved = new TreeSet<>();
        for (Map.Entry<RelativePath, Json> entry : byPath.entrySet()) {
            Json known = entry.getValue();
            if (known.has(REPLACING)) {
                EntryJson.update(known, current(known)).remove(REPLACING);
                resolved.add(entry.getKey());
            }
        }
        return resolved;
    }

    /**
     * Notes the successors of entries whose files are about to be replaced. Returns the document to write first; null
     * if no file is replaced.
     */
    @Nullable
    Json announcing(Collection<ArtifactEntry> added) {
        boolean replaces = false;
        for (ArtifactEntry entry : added) {
            Json known = byPath.get(entry.path());
            if (known != null && !EntryJson.read(known).equals(entry)) {
                known.put(REPLACING, EntryJson.write(entry));
                replaces = true;
            }
        }
        return replaces ? document() : null;
    }

    /** Adds entries, in the place of those with the same paths, and returns the document. */
    Json with(Collection<ArtifactEntry> added) {
        for (ArtifactEntry entry : added) {
            Json known = byPath.get(entry.path());
            byPath.put(
                    entry.path(),
                    known == null
                            ? EntryJson.write(entry)
                            : EntryJson.update(known, entry).remove(REPLACING));
        }
        return document();
    }

    private Json document() {
        return json.put(FILES, new ArrayList<>(byPath.values()));
    }

    /** Refuses a list that only a newer version of the library may rewrite, before anything is changed. */
    void checkWritable() {
        Format.checkWritable(json);
    }

    /**
     * Refuses paths that would be file and folder at once.
     *
     * @throws ConflictException naming both paths
     */
    void checkTree(Collection<RelativePath> added, String owner) {
        Set<RelativePath> files = new HashSet<>(byPath.keySet());
        files.addAll(added);
        Map<String, RelativePath> folders = new HashMap<>();
        for (RelativePath file : files) {
            for (String folder = folderOf(file.value());
                    !folder.isEmpty() && folders.putIfAbsent(folder, file) == null;
                    folder = folderOf(folder)) {}
        }
        for (RelativePath file : files) {
            RelativePath within = folders.get(file.value());
            if (within != null) {
                throw new ConflictException("artifact '" + file + "' of " + owner
                        + " cannot be a file and the folder of '" + within + "': choose another path");
            }
        }
    }

    private static String folderOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
