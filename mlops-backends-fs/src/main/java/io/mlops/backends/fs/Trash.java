package io.mlops.backends.fs;

import io.mlops.backends.fs.store.Store;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.TreeCopy;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of deleted runs and experiments until they are purged, out of the sight of TensorBoard. All that lies
 * there is marked as deleted in its own file; what is marked and lies outside, since a process died or its disk takes
 * no renames, is deleted as well. Thread-safe.
 */
final class Trash {
    private final Store store;

    Trash(Store store) {
        this.store = store;
    }

    /**
     * Moves a marked folder into the trash, in one step and durable on return. A folder that its disk cannot rename,
     * such as one of a lower layer of an overlay file system, stays where it is: the mark decides.
     *
     * @return where it lies then
     */
    Path hide(Path from, Path to) throws IOException {
        try {
            if (store.links().find(Disk.folderOf(to)) == null) {
                move(from, to);
                return to;
            }
        } catch (AtomicMoveNotSupportedException e) {
            store.damage().staysInSight(store.layout().trash(), e);
        }
        // The mark may be there since an earlier try, which came no further.
        store.disk().syncFolder(from);
        return from;
    }

    /**
     * Moves a folder out of the trash, durable on return. A folder that its disk cannot rename is copied, and then
     * removed from the trash.
     *
     * @param document the name of the file that makes the folder what it is
     */
    void show(Path from, Path to, String document) throws IOException {
        store.links().check(Disk.folderOf(to));
        try {
            move(from, to);
        } catch (AtomicMoveNotSupportedException e) {
            copy(from, to);
            remove(from, document);
        }
    }

    /** Removes what a copy that was cut short left in the trash, now that the original is known to be elsewhere. */
    void removeLeftover(Path inTrash, String document) throws IOException {
        if (Files.isDirectory(inTrash)) {
            remove(inTrash, document);
        }
    }

    private void remove(Path folder, String document) throws IOException {
        // First what makes it a run or an experiment: nobody must see both.
        store.disk().delete(folder.resolve(document));
        store.disk().syncFolder(folder);
        store.disk().deleteTree(folder);
    }

    /** Renames a folder and syncs both folders around it; does the syncs alone if an earlier try came that far. */
    private void move(Path from, Path to) throws IOException {
        prepare(to);
        if (!from.equals(to)) {
            claim(from, to, from);
        }
        store.disk().syncFolder(Disk.folderOf(to));
        store.disk().syncFolder(Disk.folderOf(from));
    }

    private void prepare(Path to) throws IOException {
        Path target = Disk.folderOf(to);
        boolean made = false;
        for (Path folder : new Path[] {store.layout().trash(), Disk.folderOf(target), target}) {
            made |= store.disk().makeFolder(folder);
        }
        // What is moved must not be in a folder whose own name a power cut takes away.
        store.anchor(target, made);
    }

    private void claim(Path folder, Path to, Path original) throws IOException {
        if (!store.disk().claimFolder(folder, to)) {
            throw new IOException(to + " is in the way of " + original + ": move one of them away");
        }
    }

    private void copy(Path from, Path to) throws IOException {
        Path staged = store.staging().place();
        try {
            TreeCopy.copy(store.disk(), from, staged);
            prepare(to);
            claim(staged, to, from);
        } catch (IOException | RuntimeException e) {
            if (Files.exists(staged)) {
                store.disk().deleteTree(staged);
            }
            throw e;
        }
        store.disk().syncFolder(Disk.folderOf(to));
    }
}
