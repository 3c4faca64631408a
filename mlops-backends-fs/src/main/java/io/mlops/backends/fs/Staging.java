package io.mlops.backends.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Places for what is not finished: below a folder of this owner, which others remove when it has died. Thread-safe. */
final class Staging {
    private final Layout layout;
    private final Disk disk;
    private final Owners owners;
    private final AtomicLong next = new AtomicLong();

    Staging(Layout layout, Disk disk, Owners owners) {
        this.layout = layout;
        this.disk = disk;
        this.owners = owners;
    }

    /** A path that nobody else uses; nothing is there yet. */
    Path place() throws IOException {
        Path mine = layout.staging().resolve(owners.self().toString());
        if (!Files.isDirectory(mine)) {
            make(mine);
        }
        return mine.resolve(Long.toString(next.incrementAndGet()));
    }

    /** With the first write, and again should somebody have cleaned up too much. */
    private void make(Path mine) throws IOException {
        boolean first = owners.show();
        disk.makeFolder(layout.staging());
        disk.makeFolder(mine);
        if (first) {
            owners.buryTheDead();
        }
    }
}
