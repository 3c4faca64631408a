package io.mlops.backends.fs.index;

import io.mlops.backends.fs.store.Layout;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileStamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of the changes to runs of an experiment, {@code changes.log}: a process that changes a run which searches
 * remember writes a line before and one after. A reader sees by the length whether there is something new. It is never
 * the truth: a process that opens a store looks at every run. Its {@link RunIndex} guards all fields by its lock.
 */
final class ChangeLog {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);
    private static final char BEFORE = '+';
    private static final char AFTER = '-';
    /**
     * A time after which a change that was announced and not finished counts as given up: its writer died in between.
     */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Length of the end of the file in which a reader that begins looks for changes under way. */
    private static final int TAIL_BYTES = 1 << 16;

    /** Length from which on the file is begun anew. */
    private static final long MAX_BYTES = 1 << 20;

    /** Length that no reader is behind; a file with more to read is none of ours. */
    private static final long MAX_READ_BYTES = 8 * MAX_BYTES;

    /** Number of bytes before the reached offset by which a reader tells whether it is still the same file. */
    private static final int KNOWN_BYTES = 64;

    private final Disk disk;
    private final Path file;
    private @Nullable FileStamp seen;
    /** The offset up to which whole lines were read; what follows is read again. */
    private long offset;

    /** The bytes before the reached offset, at most {@link #KNOWN_BYTES}. */
    private byte[] before = {};
    /** Runs whose change was announced and not finished yet, with the time of reading that. */
    private final Map<String, Long> underWay = new HashMap<>();

    ChangeLog(Disk disk, Path experiment) {
        this.disk = disk;
        this.file = file(experiment);
    }

    private static Path file(Path experiment) {
        return experiment.resolve("changes.log");
    }

    /**
     * Runs a change to a run between two lines of the log, by which the readers of this and other processes notice it.
     * A log that cannot be written does not stop the change.
     */
    static void announce(Disk disk, Path run, Disk.Action change) throws IOException {
        append(disk, run, BEFORE);
        change.run();
        append(disk, run, AFTER);
    }

    /** Appends a line with a line feed on both sides, so that half a line never swallows another. */
    private static void append(Disk disk, Path run, char mark) {
        Path file = file(Disk.folderOf(run));
        String line = "\n" + mark + run.getFileName() + "\n";
        try {
            if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                // A pipe would never let go of us.
                throw new IOException("it is no file");
            }
            if (disk.append(file, line.getBytes(StandardCharsets.UTF_8)) > MAX_BYTES) {
                startAnew(disk, file);
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be written", file, e);
            startAnew(disk, file);
        }
    }

    /**
     * Deletes the file, which makes every reader look at all runs: it may be too long, or belong to a user who lets
     * nobody else write it.
     */
    private static void startAnew(Disk disk, Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            LOG.debug("{} cannot be deleted, so that changes are seen late", file, e);
        }
    }

    /**
     * Adds the folders of runs that were or are being changed since the last call.
     *
     * @return false if that cannot be told, so that every run is to be looked at
     */
    boolean poll(Set<String> changed) {
        try {
            return look(changed);
        } catch (IOException e) {
            // It may just have been begun anew, or belong to a user who lets nobody read it.
            LOG.debug("{} cannot be read", file, e);
            seen = null;
            return false;
        }
    }

    private boolean look(Set<String> changed) throws IOException {
        FileStamp last = seen;
        FileStamp now = FileStamp.find(file);
        boolean told = Objects.equals(last, now) || (last != null && now != null && goesOn(last, now));
        if (!told) {
            underWay.clear();
            offset = now == null ? 0 : Math.max(0, now.bytes() - TAIL_BYTES);
            before = new byte[0];
        }
        if (now != null && !now.equals(last)) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || now.bytes() - offset > MAX_READ_BYTES) {
                throw new IOException("it is none of ours");
            }
            read(now.bytes(), told ? changed : new HashSet<>());
        }
        seen = now;
        underWay.values().removeIf(since -> System.nanoTime() - since > PATIENCE_NANOS);
        changed.addAll(underWay.keySet());
        return told;
    }

    private boolean goesOn(FileStamp last, FileStamp now) throws IOException {
        return Objects.equals(last.key(), now.key())
                && now.bytes() >= last.bytes()
                && Arrays.equals(before, disk.read(file, offset - before.length, before.length));
    }

    private void read(long to, Set<String> changed) throws IOException {
        byte[] bytes = disk.read(file, offset, Math.toIntExact(to - offset));
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n", -1)) {
            String run = line.isEmpty() ? line : line.substring(1);
            if (!Layout.isRunFolder(run)) {
                // Half a line, or not ours: a name from a file is no path.
                continue;
            }
            if (line.charAt(0) == BEFORE) {
                underWay.put(run, System.nanoTime());
            } else if (line.charAt(0) == AFTER) {
                underWay.remove(run);
                changed.add(run);
            }
        }
        offset += end;
        before = end == 0 ? before : Arrays.copyOfRange(bytes, Math.max(0, end - KNOWN_BYTES), end);
    }
}
