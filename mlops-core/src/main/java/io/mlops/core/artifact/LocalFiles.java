package io.mlops.core.artifact;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The files of a program that are to be stored. */
public final class LocalFiles {
    private LocalFiles() {}

    /**
     * Every file below a folder, by its path there. A link is refused: what it leads to is not part of the folder, and may
     * be something that nobody meant to publish.
     *
     * @throws NotFoundException if there is no such folder
     * @throws RefusedException if something in it is a link, or neither file nor folder, or cannot be read
     */
    public static SortedMap<RelativePath, Content> below(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new NotFoundException("no file or folder " + folder);
        }
        SortedMap<RelativePath, Content> files = new TreeMap<>();
        try {
            Path root = folder.toRealPath();
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!attributes.isRegularFile()) {
                        throw new RefusedException(
                                file + " is " + (attributes.isSymbolicLink() ? "a symbolic link" : "no regular file")
                                        + ": put a copy of what is meant in its place",
                                null);
                    }
                    files.put(pathOf(root.relativize(file)), Content.of(file));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new RefusedException("cannot read folder " + folder + ": " + e.getMessage(), e);
        }
        return files;
    }

    /** A path with forward slashes on every system. */
    private static RelativePath pathOf(Path relative) {
        StringJoiner path = new StringJoiner("/");
        relative.forEach(name -> path.add(name.toString()));
        return RelativePath.of(path.toString());
    }
}
