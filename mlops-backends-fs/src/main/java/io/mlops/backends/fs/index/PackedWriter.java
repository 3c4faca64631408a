package io.mlops.backends.fs.index;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** A buffer of values in few bytes, one after the other, for {@link PackedReader}. Not thread-safe. */
final class PackedWriter {
    private byte[] bytes = new byte[512];
    private int size;

    int size() {
        return size;
    }

    /** Writes the buffer to a stream and empties it. */
    void into(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
        size = 0;
    }

    /** Copies what was written. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    void octet(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /** Writes four bytes, which {@link #fixedAt} may replace later. */
    void fixed(int value) {
        ensure(4);
        size += 4;
        fixedAt(size - 4, value);
    }

    void fixedAt(int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    void fixed(long value) {
        fixed((int) value);
        fixed((int) (value >>> 32));
    }

    void real(double value) {
        fixed(Double.doubleToRawLongBits(value));
    }

    /** Writes a number, a small one in few bytes. */
    void number(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Writes a number, one near zero in few bytes. */
    void signed(long value) {
        number((value << 1) ^ (value >> 63));
    }

    void text(String text) {
        octets(text.getBytes(StandardCharsets.UTF_8));
    }

    void octets(byte[] value) {
        number(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /**
     * Writes a time, one of whole milliseconds near {@code base} in few bytes; {@code base} is in seconds since 1970.
     */
    void time(Instant time, long base) {
        signed(time.getEpochSecond() - base);
        boolean millis = time.getNano() % 1_000_000 == 0;
        number(millis ? time.getNano() / 1_000_000 * 2L : time.getNano() * 2L + 1);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
