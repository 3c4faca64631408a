package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RelativePath;
import io.mlops.core.codec.EntryJson;
import io.mlops.core.codec.Format;
import io.mlops.core.codec.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code artifacts.json}: what a run has stored, with size and digest of each file. Not thread-safe. */
final class ArtifactList {
    private static final String FILES = "files";

    private final Json json;
    private final Map<RelativePath, Json> byPath = new LinkedHashMap<>();

    private ArtifactList(Json json) {
        this.json = json;
        json.children(FILES).forEach(entry -> byPath.put(EntryJson.read(entry).path(), entry));
    }

    static ArtifactList of(@Nullable Json json) {
        return new ArtifactList(json == null ? Format.stamp(Json.object()) : Format.checkReadable(json));
    }

    List<ArtifactEntry> entries() {
        return byPath.values().stream().map(EntryJson::read).toList();
    }

    @Nullable
    ArtifactEntry find(RelativePath path) {
        Json entry = byPath.get(path);
        return entry == null ? null : EntryJson.read(entry);
    }

    /** The document with these entries added, or in the place of those with their paths. */
    Json with(Collection<ArtifactEntry> added) {
        Format.checkWritable(json);
        for (ArtifactEntry entry : added) {
            Json known = byPath.get(entry.path());
            byPath.put(entry.path(), known == null ? EntryJson.write(entry) : EntryJson.update(known, entry));
        }
        return json.put(FILES, new ArrayList<>(byPath.values()));
    }

    /**
     * Refuses paths that would be file and folder at once.
     *
     * @throws ConflictException naming both paths
     */
    void checkTree(Collection<RelativePath> added, String owner) {
        List<RelativePath> all = new ArrayList<>(byPath.keySet());
        all.addAll(added);
        for (RelativePath path : added) {
            for (RelativePath other : all) {
                if (other.isBelow(path) || path.isBelow(other)) {
                    throw new ConflictException("artifact '" + (other.isBelow(path) ? path : other) + "' of " + owner
                            + " cannot be a file and the folder of '" + (other.isBelow(path) ? other : path)
                            + "': choose another path");
                }
            }
        }
    }
}
