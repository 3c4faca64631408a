package io.mlops.core.environment;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** The bytes of a zip file, on disk or inside another one. */
interface ZipBytes {
    long size();

    /** Reads bytes from a position on, little endian; fewer are an {@link EOFException}. */
    ByteBuffer read(long position, int length) throws IOException;

    static ZipBytes of(FileChannel channel) throws IOException {
        long size = channel.size();
        return new ZipBytes() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public ByteBuffer read(long position, int length) throws IOException {
                check(position, length, size);
                ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, position + bytes.position()) < 0) {
                        throw new EOFException("became shorter while it was read");
                    }
                }
                return bytes.flip();
            }
        };
    }

    static ZipBytes of(byte[] bytes) {
        return new ZipBytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ByteBuffer read(long position, int length) throws IOException {
                check(position, length, bytes.length);
                return ByteBuffer.wrap(bytes, (int) position, length).slice().order(ByteOrder.LITTLE_ENDIAN);
            }
        };
    }

    private static void check(long position, int length, long size) throws IOException {
        if (position < 0 || length < 0 || position > size - length) {
            throw new EOFException("points beyond its end");
        }
    }
}
