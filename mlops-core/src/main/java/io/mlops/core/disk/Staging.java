package io.mlops.core.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Paths for files that are not finished yet, in the folder of this owner, which other processes delete once it is dead.
 * Thread-safe.
 */
public final class Staging {
    private final Disk disk;
    private final Owners owners;
    private final AtomicLong next = new AtomicLong();

    /** Makes staging paths in the folder of this owner; the folder is made with the first path. */
    public Staging(Disk disk, Owners owners) {
        this.disk = disk;
        this.owners = owners;
    }

    /** Returns a path that nobody else uses and at which nothing is yet; makes the folder above it if it is missing. */
    public Path place() throws IOException {
        Path mine = owners.ownFolder();
        if (!Files.isDirectory(mine)) {
            make(mine);
        }
        return mine.resolve(Long.toString(next.incrementAndGet()));
    }

    /**
     * Makes this owner's folder with the first write, or again if somebody deleted it by hand. The first time,
     * leftovers of dead processes are deleted, too.
     */
    private void make(Path mine) throws IOException {
        boolean first = owners.showAlive();
        disk.makeFolder(Disk.folderOf(mine));
        FileType.checkWritableFolder(Disk.folderOf(mine));
        disk.makeFolder(mine);
        if (first) {
            owners.deleteLeftovers();
        }
    }
}
