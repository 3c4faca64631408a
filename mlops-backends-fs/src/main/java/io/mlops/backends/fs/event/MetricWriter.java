package io.mlops.backends.fs.event;

import io.mlops.api.common.ConflictException;
import io.mlops.api.spi.MetricBatch;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event files of one writer in one run. Only this object appends to a file, and never again after a failure: points
 * that were not durable then are forgotten, and the next file says up to which length this one counts. Callers hold
 * {@link #lock} for each call, and it guards every field that changes.
 */
final class MetricWriter {
    private static final int WRITE_BYTES = 1 << 18;
    private static final Logger LOG = LoggerFactory.getLogger(MetricWriter.class);

    private final Disk disk;
    private final Path folder;
    private final String writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final EventEncoder encoder = new EventEncoder();
    private @Nullable FileChannel channel;
    private @Nullable Path file;
    private long sequence;
    /** The length of the open file; what lies beyond {@link #durableLength} is not synced yet. */
    private long length;

    private long durableLength;
    /**
     * Number of points that were appended since the writer's first; those from {@link #durable} on are not synced yet.
     */
    private long appended;

    private long durable;
    private final List<EventEncoder.FailedFile> failed = new ArrayList<>();
    private boolean closed;

    /**
     * Makes a writer that begins a new file with its first batch.
     *
     * @param appended the number of points that earlier files of this writer hold
     * @param sequence the number of the last of those files, 0 if there is none
     */
    MetricWriter(Disk disk, Path folder, String writer, long appended, long sequence) {
        this.sequence = sequence;
        this.disk = disk;
        this.folder = folder;
        this.writer = writer;
        this.appended = appended;
        this.durable = appended;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Returns whether it was closed, so that the caller needs a new writer. */
    boolean closed() {
        return closed;
    }

    /**
     * Appends those points of a batch that are not in the files yet, without a sync; returns the number of points that
     * are there now.
     */
    long append(MetricBatch batch, Protobuf out) throws IOException {
        if (batch.offset() > appended) {
            throw new ConflictException("there are " + appended + " points of writer " + batch.writer() + " in "
                    + folder + ", those from " + batch.offset() + " on cannot follow: send what is between");
        }
        int from = (int) Math.min(appended - batch.offset(), batch.size());
        if (from == batch.size()) {
            return appended;
        }
        try {
            if (channel == null) {
                begin(batch.epochMillis(from) / 1000.0, out);
            }
            while (from < batch.size()) {
                from = encoder.points(batch, from, out, WRITE_BYTES);
                write(out);
            }
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        }
        appended = batch.offset() + batch.size();
        return appended;
    }

    /**
     * Syncs the open file, which makes the appended points durable, but not the file's name. Returns the file; null if
     * none is open.
     */
    @Nullable
    Path sync() throws IOException {
        FileChannel open = channel;
        Path current = file;
        if (open == null || current == null) {
            return null;
        }
        if (durableLength < length) {
            try {
                disk.sync(open, current);
            } catch (IOException e) {
                abandon();
                throw e;
            }
            durableLength = length;
            durable = appended;
            failed.clear();
        }
        return current;
    }

    /** Closes the file if all of it is durable; the next append begins another one. */
    void closeIfDurable() {
        if (durableLength == length) {
            closeChannel();
        }
    }

    void close() {
        closed = true;
        closeChannel();
    }

    private void begin(double wallSeconds, Protobuf out) throws IOException {
        // Never a name twice: a reader of the file that had it would not notice another one.
        sequence = 1 + Math.max(sequence, EventFile.lastSequence(disk, folder));
        Path next = folder.resolve(EventFile.fileName(sequence, writer));
        channel = disk.create(next);
        file = next;
        length = 0;
        durableLength = 0;
        EventEncoder.header(writer, failed, wallSeconds, out);
        write(out);
    }

    private void write(Protobuf out) throws IOException {
        FileChannel open = channel;
        Path current = file;
        if (open == null || current == null) {
            throw new IOException("no event file is open in " + folder);
        }
        long bytes = out.size();
        disk.append(open, current, out.view());
        out.clear();
        length += bytes;
    }

    /**
     * Gives up the open file after a failure, since the system may have thrown away what it could not write; back to
     * what was durable.
     */
    private void abandon() {
        Path current = file;
        closeChannel();
        appended = durable;
        if (current != null && !(durableLength == 0 && deleted(current))) {
            failed.add(new EventEncoder.FailedFile(current.getFileName().toString(), durableLength));
        }
    }

    /**
     * Deletes a file that holds nothing, since a disk that stays full would get another one with each try; returns
     * whether it is gone.
     */
    private boolean deleted(Path empty) {
        try {
            disk.delete(empty);
            return true;
        } catch (IOException e) {
            LOG.debug("an event file that holds nothing could not be deleted: {}", empty, e);
            return false;
        }
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Everything that counts was synced before; a file that cannot be closed is not written to again.
                LOG.debug("an event file in {} could not be closed", folder, e);
            }
        }
    }
}
