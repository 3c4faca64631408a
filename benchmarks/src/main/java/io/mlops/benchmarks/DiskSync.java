package io.mlops.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Measures how long the disk itself takes: everything durable costs a few of these. Not thread-safe. */
final class DiskSync {
    private final Path folder;
    private final Durations making;
    private final Durations file;
    private final Durations entry;
    private int count;

    DiskSync(Path folder, int room) {
        this.folder = folder;
        this.making = new Durations(room);
        this.file = new Durations(room);
        this.entry = new Durations(room);
    }

    static void measure(Setting setting) throws IOException {
        int rounds = setting.times(200, 10);
        Path folder = Setting.newFolder();
        try {
            DiskSync sync = new DiskSync(folder, rounds);
            for (int round = 0; round < rounds; round++) {
                sync.probe();
            }
            setting.report().line("disk-sync.making.p50", sync.making().millis(50), "ms");
            setting.report().line("disk-sync.file.p50", sync.file().millis(50), "ms");
            setting.report().line("disk-sync.file.p99", sync.file().millis(99), "ms");
            setting.report().line("disk-sync.folder.p50", sync.entry.millis(50), "ms");
        } finally {
            Setting.delete(folder);
        }
    }

    /**
     * Makes and writes a small file and syncs it, then its folder. Making is looked at by itself, since it is what ext4
     * without a journal is slow at: it passes over every inode that was deleted in the last minutes.
     */
    void probe() throws IOException {
        long start = System.nanoTime();
        try (FileChannel small = FileChannel.open(
                        folder.resolve("sync" + count++), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileChannel entries = FileChannel.open(folder)) {
            long begin = System.nanoTime();
            making.add(begin - start);
            int unused = small.write(ByteBuffer.allocate(1000));
            small.force(false);
            long written = System.nanoTime();
            entries.force(true);
            entry.add(System.nanoTime() - written);
            file.add(written - begin);
        }
    }

    Durations making() {
        return making;
    }

    Durations file() {
        return file;
    }

    void clear() {
        making.clear();
        file.clear();
        entry.clear();
    }
}
