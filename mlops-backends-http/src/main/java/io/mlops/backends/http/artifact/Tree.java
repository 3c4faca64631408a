package io.mlops.backends.http.artifact;

import io.mlops.api.common.RelativePath;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Paths and the folders that they lie in. Not for instances. */
final class Tree {
    private Tree() {}

    /** The folder that a path lies in; null for the root. */
    static @Nullable RelativePath folderOf(RelativePath path) {
        int slash = path.value().lastIndexOf('/');
        return slash < 0 ? null : RelativePath.of(path.value().substring(0, slash));
    }

    /** The last part of a path. */
    static String nameOf(RelativePath path) {
        return path.value().substring(path.value().lastIndexOf('/') + 1);
    }

    /** The path of a name in a folder; null as the folder is the root. */
    static RelativePath in(@Nullable RelativePath folder, String name) {
        return folder == null ? RelativePath.of(name) : RelativePath.of(folder.value() + "/" + name);
    }

    /** The file, not the folder, of this name. */
    static Optional<ListedFile> in(List<ListedFile> listed, String name) {
        return listed.stream()
                .filter(file -> !file.isFolder() && file.name().equals(name))
                .findFirst();
    }
}
