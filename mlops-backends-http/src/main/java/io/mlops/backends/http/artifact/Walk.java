package io.mlops.backends.http.artifact;

import io.mlops.api.common.Limits;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.server.Reserved;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the files of a place in the order of their whole paths, in which {@code b-c} comes before {@code b/x}, and
 * lists no folder that lies before where it begins. Not thread-safe.
 */
final class Walk {
    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final RemoteFiles files;
    private final Place place;
    private final @Nullable RelativePath after;
    private final int limit;
    private final Map<RelativePath, Long> found = new LinkedHashMap<>();

    private Walk(RemoteFiles files, Place place, @Nullable RelativePath after, int limit) {
        this.files = files;
        this.place = place;
        this.after = after;
        this.limit = limit;
    }

    /**
     * The sizes of files by path, in order.
     *
     * @param folder below which they are; null for the root
     * @param after the path after which they come; null for the first ones
     */
    static Map<RelativePath, Long> files(
            RemoteFiles files, Place place, @Nullable RelativePath folder, @Nullable RelativePath after, int limit) {
        Walk walk = new Walk(files, place, after, limit);
        walk.below(folder);
        return walk.found;
    }

    private void below(@Nullable RelativePath folder) {
        List<ListedFile> listed = files.list(place, folder).stream()
                .filter(file -> folder != null || !file.name().equals(Reserved.FOLDER))
                .sorted(Comparator.comparing(ListedFile::inOrder, BY_BYTES))
                .toList();
        for (ListedFile file : listed) {
            if (found.size() == limit) {
                return;
            }
            // A server that tells folders within folders without end would be followed until then.
            if (folder != null && folder.value().length() + 1 + file.name().length() > Limits.PATH) {
                continue;
            }
            RelativePath path = Tree.in(folder, file.name());
            if (!file.isFolder()) {
                if (after == null || path.compareTo(after) > 0) {
                    found.put(path, file.bytes());
                }
            } else if (after == null
                    || after.isBelow(path)
                    || BY_BYTES.compare(path.value() + "/", after.value()) > 0) {
                below(path);
            }
        }
    }
}
