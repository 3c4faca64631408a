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
 * {@code changes.log} of an experiment: whoever changes a run that nobody else would look at again says so before and
 * after. A reader that has it open sees by its length whether there is something new. Never the truth: whoever opens a
 * store looks at every run. Guarded by its index, but for {@link #announce}.
 */
final class ChangeLog {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);
    private static final char BEFORE = '+';
    private static final char AFTER = '-';
    /** A writer that died between the two is not waited for any longer than this. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** As far back a reader that begins looks for changes that are under way. */
    private static final int TAIL_BYTES = 1 << 16;

    /** Longer, it is begun anew. */
    private static final long MAX_BYTES = 1 << 20;

    /** No reader is that far behind. */
    private static final long MAX_READ_BYTES = 8 * MAX_BYTES;

    /** So many bytes before the place that was reached tell whether it is still the same file. */
    private static final int KNOWN_BYTES = 64;

    private final Disk disk;
    private final Path file;
    private @Nullable FileStamp seen;
    /** How far it was read; what is no whole line yet is read again. */
    private long offset;

    private byte[] before = {};
    private final Map<String, Long> underWay = new HashMap<>();

    ChangeLog(Disk disk, Path experiment) {
        this.disk = disk;
        this.file = file(experiment);
    }

    private static Path file(Path experiment) {
        return experiment.resolve("changes.log");
    }

    /** Runs a change to a run, and tells the readers of this and other processes. */
    static void announce(Disk disk, Path run, Disk.Action change) throws IOException {
        append(disk, run, BEFORE);
        change.run();
        append(disk, run, AFTER);
    }

    /** A line feed on both sides, so that half a line never swallows another. */
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

    /** That, too, makes every reader look again: the file may belong to a user who lets nobody else write it. */
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
            // It may just have been begun anew, or be of a user who lets nobody read it.
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
            if (line.isEmpty() || !Layout.isRun(line)) {
                continue;
            }
            String run = line.substring(1);
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
