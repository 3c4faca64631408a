package io.mlops.core.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Places for what is not finished: below a folder of this owner, which others remove when it has died. Thread-safe. */
public final class Staging {
    private final Disk disk;
    private final Owners owners;
    private final AtomicLong next = new AtomicLong();

    /** Places in the folder of this owner, which is made with the first. */
    public Staging(Disk disk, Owners owners) {
        this.disk = disk;
        this.owners = owners;
    }

    /** A path that nobody else uses; nothing is there yet. */
    public Path place() throws IOException {
        Path mine = owners.own();
        if (!Files.isDirectory(mine)) {
            make(mine);
        }
        return mine.resolve(Long.toString(next.incrementAndGet()));
    }

    /** With the first write, and again should somebody have cleaned up too much. */
    private void make(Path mine) throws IOException {
        boolean first = owners.show();
        disk.makeFolder(Disk.folderOf(mine));
        disk.makeFolder(mine);
        if (first) {
            owners.buryTheDead();
        }
    }
}
