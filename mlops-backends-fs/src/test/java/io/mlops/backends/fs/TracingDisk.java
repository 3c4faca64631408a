package io.mlops.backends.fs;

import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Notes what is done to a store in which order, and fails when told to. Thread-safe. */
final class TracingDisk extends Disk {
    private final Path root;
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final AtomicInteger countdown = new AtomicInteger();
    private volatile @Nullable String failing;

    TracingDisk(Path root) {
        this.root = root.toAbsolutePath();
    }

    /** What was done since this was asked last; random parts of names are left out. */
    List<String> steps() {
        List<String> done = List.copyOf(steps);
        steps.clear();
        return done;
    }

    /** Lets the n-th step of this kind fail, as the kernel would. */
    void failAt(String step, int number) {
        failing = step;
        countdown.set(number);
    }

    private void note(String step, Path path) throws IOException {
        String name = root.relativize(path)
                .toString()
                .replaceAll("\\.staging/[^/]+/[0-9]+", "<staged>")
                .replaceAll("-[0-9a-f]{8}\\.tfevents", "-<writer>.tfevents");
        steps.add(step + " " + name);
        String wanted = failing;
        if (wanted != null && (step + " " + name).startsWith(wanted) && countdown.decrementAndGet() == 0) {
            failing = null;
            throw new IOException("Input/output error");
        }
    }

    @Override
    public void append(FileChannel channel, Path file, ByteBuffer bytes) throws IOException {
        note("append", file);
        super.append(channel, file, bytes);
    }

    @Override
    public void sync(FileChannel channel, Path file) throws IOException {
        note("sync", file);
        super.sync(channel, file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        note("sync folder", folder);
        super.syncFolder(folder);
    }

    @Override
    public void replace(Path staged, Path target) throws IOException {
        note("rename to", target);
        super.replace(staged, target);
    }

    @Override
    public boolean claimFile(Path staged, Path target) throws IOException {
        note("link to", target);
        return super.claimFile(staged, target);
    }

    @Override
    public boolean claimFolder(Path staged, Path target) throws IOException {
        note("claim", target);
        return super.claimFolder(staged, target);
    }
}
