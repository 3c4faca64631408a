package io.mlops.backends.fs.event;

import io.mlops.core.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the records of an event file that goes on after damage: a damaged record is skipped, after a damaged head
 * the next whole record is looked for, a torn last record is left alone. Not thread-safe.
 */
final class EventReader implements Closeable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_BUFFER_BYTES = 1 << 16;
    private static final int BUFFER_BYTES = 1 << 18;

    private final Path file;
    private final long limit;
    private final CRC32C crc = new CRC32C();
    /** Made when the next whole record is looked for; heads without data must not cost their length each. */
    private @Nullable RangeChecksums ranges;

    private FileChannel channel;
    private boolean interrupted;
    private byte[] buffer;
    /** The offset in the file at which the buffer begins. */
    private long base;

    private boolean started;
    private int filled;
    private int next;
    private int dataFrom;
    private int dataLength;
    private long goodEnd;
    private long damagedBytes;
    private long firstDamage = -1;
    private boolean exhausted;

    /** Opens a file to be read from a record's start on, up to the limit or to its length as of now. */
    EventReader(Path file, long from, long limit) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.limit = Math.min(limit, Files.size(file));
        this.base = from;
        this.goodEnd = from;
        this.buffer = new byte[(int) Math.max(64, Math.min(FIRST_BUFFER_BYTES, this.limit - from))];
    }

    /** Goes to the next whole record; returns false if there is none before the limit. */
    boolean advance() throws IOException {
        exhausted = !findNext();
        return !exhausted;
    }

    private boolean findNext() throws IOException {
        while (has(EventFormat.HEADER_BYTES)) {
            long length = (long) LONG.get(buffer, next);
            if (!soundHead(next, length)) {
                if (!resynchronize()) {
                    return false;
                }
                continue;
            }
            int record = EventFormat.HEADER_BYTES + (int) length + EventFormat.FOOTER_BYTES;
            if (!has(record)) {
                return false;
            }
            int start = next;
            next += record;
            if (soundData(start, (int) length)) {
                dataFrom = start + EventFormat.HEADER_BYTES;
                dataLength = (int) length;
                goodEnd = base + next;
                return true;
            }
            damaged(base + start, record);
        }
        return false;
    }

    /** Returns the buffer that holds the record's data until the next {@link #advance}. */
    byte[] data() {
        return buffer;
    }

    /** Returns the index in the buffer at which the record's data begins. */
    int dataFrom() {
        return dataFrom;
    }

    int dataLength() {
        return dataLength;
    }

    /** Returns the offset in the file at which the record begins. */
    long recordStart() {
        return base + dataFrom - EventFormat.HEADER_BYTES;
    }

    /** Returns the offset at which the last whole record ends: what follows is torn, or being written. */
    long goodEnd() {
        return goodEnd;
    }

    /** Returns the number of damaged bytes that were skipped before the last whole record. */
    long damagedBytes() {
        return damagedBytes;
    }

    /** Returns the offset of the first damaged byte; -1 if there is none. */
    long firstDamage() {
        return firstDamage;
    }

    /** Returns the number of bytes after the last whole record; 0 until {@link #advance} has returned false. */
    long tailBytes() {
        return exhausted ? limit - goodEnd : 0;
    }

    @Override
    public void close() throws IOException {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }

    private boolean soundHead(int at, long length) {
        return length >= 0
                && length <= EventFormat.MAX_RECORD_BYTES
                && (int) INT.get(buffer, at + 8) == EventFormat.maskedCrc(crc, buffer, at, 8);
    }

    private boolean soundData(int at, int length) {
        int data = at + EventFormat.HEADER_BYTES;
        return (int) INT.get(buffer, data + length) == EventFormat.maskedCrc(crc, buffer, data, length);
    }

    /** Looks for the next record that is whole by both checksums, and counts the bytes before it as damaged. */
    private boolean resynchronize() throws IOException {
        RangeChecksums sums = ranges == null ? new RangeChecksums() : ranges;
        ranges = sums;
        long from = base + next;
        next++;
        while (has(EventFormat.HEADER_BYTES)) {
            long length = (long) LONG.get(buffer, next);
            if (soundHead(next, length)
                    && has(EventFormat.HEADER_BYTES + (int) length + EventFormat.FOOTER_BYTES)
                    && soundData(next, (int) length, sums)) {
                damaged(from, base + next - from);
                return true;
            }
            next++;
        }
        return false;
    }

    private boolean soundData(int at, int length, RangeChecksums sums) {
        int data = at + EventFormat.HEADER_BYTES;
        return (int) INT.get(buffer, data + length) == EventFormat.masked(sums.of(buffer, data, length, base + data));
    }

    private void damaged(long at, long bytes) {
        firstDamage = firstDamage < 0 ? at : firstDamage;
        damagedBytes += bytes;
    }

    /** Reads until so many bytes from {@link #next} on are in the buffer; returns false if the limit comes before. */
    private boolean has(int bytes) throws IOException {
        if (filled - next >= bytes) {
            return true;
        }
        if (base + next + bytes > limit) {
            return false;
        }
        System.arraycopy(buffer, next, buffer, 0, filled - next);
        base += next;
        filled -= next;
        next = 0;
        // The first read is small, since a page of a history needs no more; a whole file is read in larger pieces.
        // Twice as much as asked for: heads that ask for nearly as much again and again must not each move all of it.
        int asked = bytes > BUFFER_BYTES / 2 ? 2 * bytes : bytes;
        int wanted = Math.max(asked, started ? BUFFER_BYTES : buffer.length);
        started = true;
        if (buffer.length < wanted) {
            buffer = Arrays.copyOf(buffer, wanted);
        }
        while (filled < bytes) {
            int room = (int) Math.min(buffer.length - filled, limit - base - filled);
            int read = read(ByteBuffer.wrap(buffer, filled, room), base + filled);
            if (read < 0) {
                return false;
            }
            filled += read;
        }
        return true;
    }

    /**
     * Reads some bytes. An interrupt closes the channel: it is opened again, and {@link #close} sets the thread's flag.
     */
    private int read(ByteBuffer target, long position) throws IOException {
        while (true) {
            interrupted |= Thread.interrupted();
            try {
                FileChannel open = channel;
                return Disk.naming(file, () -> open.read(target, position));
            } catch (ClosedByInterruptException e) {
                channel = FileChannel.open(file, StandardOpenOption.READ);
            }
        }
    }
}
