package io.mlops.core.disk;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Copies a folder with all it holds, for a disk that cannot rename it. */
public final class TreeCopy {
    private TreeCopy() {}

    /**
     * Copies a folder to a path at which nothing is; each file and folder is synced. Links are copied as links; what is
     * neither file, folder nor link, such as a pipe, is left out.
     */
    public static void copy(Disk disk, Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                disk.makeFolder(target(folder));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    Files.copy(file, target(file));
                    disk.syncFile(target(file));
                } else if (attributes.isSymbolicLink()) {
                    Files.copy(file, target(file), LinkOption.NOFOLLOW_LINKS);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                disk.syncFolder(target(folder));
                return FileVisitResult.CONTINUE;
            }

            private Path target(Path path) {
                return to.resolve(from.relativize(path));
            }
        });
    }
}
