package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RelativePath;
import io.mlops.core.query.PathTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One call that stores files of a run: looks at what is there, sends, and takes back what was new if that fails. */
final class Putting {
    private final RemoteFiles files;
    private final Place place;
    private final String owner;
    /** What lies in the folders that were looked at; the empty path is the root. */
    private final Map<String, List<ListedFile>> listed = new HashMap<>();

    Putting(RemoteFiles files, Place place, String owner) {
        this.files = files;
        this.place = place;
        this.owner = owner;
    }

    List<ArtifactEntry> put(Map<RelativePath, Content> added, DigestLog log) {
        checkFree(added.keySet());
        List<RelativePath> fresh = new ArrayList<>();
        List<ArtifactEntry> stored = new ArrayList<>();
        boolean whole = false;
        try {
            for (Map.Entry<RelativePath, Content> file : new TreeMap<>(added).entrySet()) {
                if (find(file.getKey()).isEmpty()) {
                    fresh.add(file.getKey());
                }
                stored.add(files.put(place, file.getKey(), file.getValue()));
            }
            log.write(stored, fresh.size() < stored.size());
            whole = true;
            return stored;
        } finally {
            if (!whole) {
                fresh.forEach(this::takeBack);
            }
        }
    }

    /** Refuses what would be file and folder at once: servers fail at that in the middle. */
    private void checkFree(Set<RelativePath> added) {
        PathTree<Boolean> inTheWay = new PathTree<>();
        inTheWay.checkFree(owner, added);
        for (RelativePath path : added) {
            for (RelativePath folder = Tree.folderOf(path); folder != null; folder = Tree.folderOf(folder)) {
                if (find(folder).isPresent()) {
                    inTheWay.put(folder, true);
                }
            }
            if (in(Tree.folderOf(path)).stream()
                    .anyMatch(file -> file.isFolder() && file.name().equals(Tree.nameOf(path)))) {
                Map<RelativePath, Long> first = Walk.files(files, place, path, null, 1);
                first.keySet().forEach(within -> inTheWay.put(within, true));
            }
        }
        inTheWay.checkFree(owner, added);
    }

    private Optional<ListedFile> find(RelativePath path) {
        return Tree.in(in(Tree.folderOf(path)), Tree.nameOf(path));
    }

    /** What lies in a folder; one whose parent does not have it is not asked for. */
    private List<ListedFile> in(@Nullable RelativePath folder) {
        String key = folder == null ? "" : folder.value();
        List<ListedFile> known = listed.get(key);
        if (known == null) {
            boolean there = folder == null
                    || in(Tree.folderOf(folder)).stream()
                            .anyMatch(file -> file.isFolder() && file.name().equals(Tree.nameOf(folder)));
            known = there ? files.list(place, folder) : List.of();
            listed.put(key, known);
        }
        return known;
    }

    private void takeBack(RelativePath path) {
        try {
            if (files.find(place, path).isPresent()) {
                files.delete(place, path);
            }
        } catch (MlopsException left) {
            // The failure that is under way says more, and the next put replaces it.
        }
    }
}
