package io.mlops.core.artifact;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.core.codec.FilePaths;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Lists the local files that a program stores, and refuses those that must not be read: links, and files that the
 * processes of a store lock.
 */
public final class LocalFiles {
    private static final Set<String> LOCKED_BY_PROCESSES = Set.of(".live", ".staging", "store.lock");

    private LocalFiles() {}

    /**
     * The content of one file.
     *
     * @throws NotFoundException if there is no such file
     * @throws RefusedException if it is one by which the processes of a store know each other, or no regular file
     */
    public static Content file(Path file) {
        try {
            // First, since an empty file is opened when it is named.
            checkOutside(file.toRealPath());
            return Content.of(file);
        } catch (NoSuchFileException e) {
            throw new NotFoundException("no file " + file);
        } catch (IOException e) {
            throw new RefusedException("cannot read file " + file + ": " + e.getMessage(), e);
        }
    }

    /** Lists every file below a folder, by its path there. */
    public static SortedMap<RelativePath, Content> below(Path folder) {
        return below(folder, file -> false);
    }

    /**
     * Lists every file below a folder, by its path there, but those left out. A link is refused: what it leads to is
     * not part of the folder, and may be something that nobody meant to publish.
     *
     * @param leftOut tells by its path below the folder what is not meant
     * @throws NotFoundException if there is no such folder
     * @throws RefusedException if something in it is a link, or neither file nor folder, or cannot be read or named, or
     *     a store
     */
    public static SortedMap<RelativePath, Content> below(Path folder, Predicate<Path> leftOut) {
        if (!Files.isDirectory(folder)) {
            throw Files.exists(folder)
                    ? new RefusedException(
                            folder + " is neither a file nor a folder: put a copy of what is meant in its place", null)
                    : new NotFoundException("no file or folder " + folder);
        }
        SortedMap<RelativePath, Content> files = new TreeMap<>();
        try {
            Path root = folder.toRealPath();
            checkOutside(root);
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                    if (isStore(visited)) {
                        throw partOfStore(folder, visited);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!attributes.isRegularFile()) {
                        throw new RefusedException(
                                file + " is " + (attributes.isSymbolicLink() ? "a symbolic link" : "no regular file")
                                        + ": put a copy of what is meant in its place",
                                null);
                    }
                    if (!leftOut.test(root.relativize(file))) {
                        files.put(FilePaths.below(root, file), Content.of(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new RefusedException("cannot read folder " + folder + ": " + e.getMessage(), e);
        }
        return files;
    }

    /**
     * Refuses files that the processes of a store lock, since reading one would drop its lock; finished things of a
     * store may be stored anew.
     */
    private static void checkOutside(Path real) {
        for (Path inner = real; inner.getParent() != null; inner = inner.getParent()) {
            Path name = inner.getFileName();
            if (name != null && LOCKED_BY_PROCESSES.contains(name.toString()) && isStore(inner.getParent())) {
                throw partOfStore(real, inner.getParent());
            }
        }
    }

    private static boolean isStore(Path folder) {
        return isThere(folder, "store.json") && (isThere(folder, ".live") || isThere(folder, "store.lock"));
    }

    private static boolean isThere(Path folder, String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private static RefusedException partOfStore(Path source, Path store) {
        return new RefusedException(
                source + " cannot be stored, since it holds or belongs to the store " + store
                        + ", whose locks reading them would drop: choose the files that are meant",
                null);
    }
}
