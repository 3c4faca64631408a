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
 * The event files of one writer in one run. A file is appended to by this object alone, and never again after a failure:
 * what was not durable then is forgotten, and the next file says how much of this one counts. Guarded by its lock.
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
    private long length;
    private long durableLength;
    private long stored;
    private long durable;
    private final List<EventEncoder.FailedFile> failed = new ArrayList<>();
    private boolean closed;

    /**
     * Begins with the next batch.
     *
     * @param stored how many points of this writer earlier files hold
     * @param sequence the number of the last of them, 0 if there is none
     */
    MetricWriter(Disk disk, Path folder, String writer, long stored, long sequence) {
        this.sequence = sequence;
        this.disk = disk;
        this.folder = folder;
        this.writer = writer;
        this.stored = stored;
        this.durable = stored;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Whether it was closed meanwhile, so that the caller needs a new one. */
    boolean closed() {
        return closed;
    }

    /** Appends what is new of a batch; returns how many points are stored. */
    long append(MetricBatch batch, Protobuf out) throws IOException {
        if (batch.offset() > stored) {
            throw new ConflictException("there are " + stored + " points of writer " + batch.writer() + " in " + folder
                    + ", those from " + batch.offset() + " on cannot follow: send what is between");
        }
        int from = (int) Math.min(stored - batch.offset(), batch.size());
        if (from == batch.size()) {
            return stored;
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
        stored = batch.offset() + batch.size();
        return stored;
    }

    /** Makes what was appended durable. Returns the file, or null if there is none open. */
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
            durable = stored;
            failed.clear();
        }
        return current;
    }

    /** Closes its file if all of it is durable; what comes later begins another one. */
    void rest() {
        if (durableLength == length) {
            closeChannel();
        }
    }

    void close() {
        closed = true;
        closeChannel();
    }

    private void begin(double wallSeconds, Protobuf out) throws IOException {
        // Never a name twice: who reads the file that had it would not notice another one.
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

    /** A file that failed once is never trusted again: the system may have dropped what it could not write. */
    private void abandon() {
        Path current = file;
        closeChannel();
        stored = durable;
        if (current != null && !(durableLength == 0 && deleted(current))) {
            failed.add(new EventEncoder.FailedFile(current.getFileName().toString(), durableLength));
        }
    }

    /** A disk that stays full would get another file with each try. */
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
