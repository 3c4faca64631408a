package io.mlops.core.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads and writes by parts, since the JDK keeps with each thread a buffer outside of the heap that is as long as the
 * longest call was.
 */
final class Parts {
    private static final int MAX_BYTES = 1 << 18;

    private Parts() {}

    /** Writes all of the bytes; one call of the system may take fewer than it was given, too. */
    static void write(FileChannel channel, Path file, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        try {
            while (bytes.position() < end) {
                bytes.limit(Math.min(end, bytes.position() + MAX_BYTES));
                int unused = Disk.naming(file, () -> channel.write(bytes));
            }
        } finally {
            bytes.limit(end);
        }
    }

    /** Reads so many bytes from an offset on, or fewer if the file ends before. */
    static byte[] read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int read = 0;
        while (read >= 0 && bytes.position() < length) {
            bytes.limit(Math.min(length, bytes.position() + MAX_BYTES));
            read = channel.read(bytes, offset + bytes.position());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
