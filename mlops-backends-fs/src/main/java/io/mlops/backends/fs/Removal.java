package io.mlops.backends.fs;

import io.mlops.api.common.MlopsException;
import io.mlops.api.tracker.Purged;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one step of a purge removed, counted, and what it could not remove. Not thread-safe. */
final class Removal {
    private final Store store;
    private final List<Path> staged = new ArrayList<>();
    private final Set<Path> synced = new HashSet<>();
    private @Nullable Exception failure;
    private long failed;
    private long runs;
    private long files;
    private long bytes;

    Removal(Store store) {
        this.store = store;
    }

    /** Runs an attempt to remove something; its failure is kept, so that others are tried, too. */
    void attempt(Disk.Action action) {
        try {
            action.run();
        } catch (NoSuchFileException e) {
            // Another process purges or restores it.
            return;
        } catch (IOException | MlopsException e) {
            failed++;
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
    }

    /** Notes that a folder was renamed into staging; says what stays if it was a link. */
    void staged(Path original, Path folder) {
        if (Files.isSymbolicLink(folder)) {
            store.damage().linkRemoved(original, folder);
        }
        staged.add(folder);
        synced.clear();
    }

    /** Makes the names in a folder durable, once in this step unless something else was staged since. */
    void sync(Path folder) throws IOException {
        if (synced.add(folder)) {
            store.disk().syncFolder(folder);
        }
    }

    /**
     * Deletes what was staged. The caller has synced the folders it came from: a power cut must not bring back parts.
     *
     * @param depth how far below the first staged folder a {@code run.json} stands for a run
     */
    void deleteStaged(int depth) throws IOException {
        for (Path folder : staged) {
            store.disk().deleteTree(folder, (file, attributes) -> count(folder, depth, file, attributes));
        }
        staged.clear();
    }

    /** Deletes a folder where it lies, last of all the file that makes it what it is. */
    void deleteInPlace(Path folder, String document) throws IOException {
        int depth = document.equals(Layout.RUN) ? 1 : 2;
        for (String name : store.disk().names(folder)) {
            if (!name.equals(document)) {
                store.disk()
                        .deleteTree(folder.resolve(name), (file, attributes) -> count(folder, depth, file, attributes));
            }
        }
        store.disk().syncFolder(folder);
        store.disk().deleteTree(folder, (file, attributes) -> count(folder, depth, file, attributes));
    }

    private void count(Path folder, int depth, Path file, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            if (!file.equals(folder)) {
                store.damage().linkRemoved(file, file);
            }
            return;
        }
        files++;
        bytes += attributes.size();
        boolean isRun = file.endsWith(Layout.RUN) && file.getNameCount() == folder.getNameCount() + depth;
        runs += isRun ? 1 : 0;
    }

    long runs() {
        return runs;
    }

    long failed() {
        return failed;
    }

    Purged removed() {
        return new Purged(runs, files, bytes);
    }

    /** Throws the failure that was kept if nothing is left but what failed. */
    void throwIfNothingElseIsLeft(long left) throws IOException {
        boolean hopeless = failure != null && left == failed;
        if (hopeless && failure instanceof IOException e) {
            throw e;
        }
        if (hopeless && failure instanceof MlopsException e) {
            throw e;
        }
    }
}
