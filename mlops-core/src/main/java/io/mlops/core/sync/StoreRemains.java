package io.mlops.core.sync;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a folder of a store for files of runs, whether the store can read them or not. A store leaves out what is damaged,
 * so that its word is not enough to delete the folder. One thread at a time.
 */
final class StoreRemains extends SimpleFileVisitor<Path> {
    private static final Path EXPERIMENTS = Path.of("experiments");
    private static final Path TRASH = Path.of(".trash");
    /** What no run needs: unfinished, or on its way out. */
    private static final Path STAGING = Path.of(".staging");

    /** The number of names from the store to a file in a folder of an experiment, which is not of a run. */
    private static final int OF_EXPERIMENT = 3;

    private final Path store;
    private boolean found;

    private StoreRemains(Path store) {
        this.store = store;
    }

    /** Whether there is a file of a run, a link, or anything that cannot be looked at. */
    static boolean isRunLeft(Path store) throws IOException {
        StoreRemains remains = new StoreRemains(store);
        Files.walkFileTree(store, remains);
        return remains.found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        return store.relativize(folder).equals(STAGING) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Path name = store.relativize(file);
        boolean isOfRun = (name.startsWith(EXPERIMENTS) && name.getNameCount() > OF_EXPERIMENT)
                || (name.startsWith(TRASH) && name.getNameCount() > OF_EXPERIMENT + 1);
        return isOfRun || attributes.isSymbolicLink() ? found() : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        return failure instanceof NoSuchFileException ? FileVisitResult.CONTINUE : found();
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
        return failure == null ? FileVisitResult.CONTINUE : found();
    }

    private FileVisitResult found() {
        found = true;
        return FileVisitResult.TERMINATE;
    }
}
