package io.mlops.backends.fs.index;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A reader of what {@link PackedWriter} wrote. Other bytes give other values or an unchecked exception. Not
 * thread-safe.
 */
final class PackedReader {
    private final byte[] bytes;
    private int at;

    PackedReader(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    int at() {
        return at;
    }

    int octet() {
        return bytes[at++] & 0xff;
    }

    static int fixedInt(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | ((bytes[at + 1] & 0xff) << 8)
                | ((bytes[at + 2] & 0xff) << 16)
                | (bytes[at + 3] << 24);
    }

    static long fixedLong(byte[] bytes, int at) {
        return (fixedInt(bytes, at) & 0xffffffffL) | ((long) fixedInt(bytes, at + 4) << 32);
    }

    double real() {
        at += 8;
        return Double.longBitsToDouble(fixedLong(bytes, at - 8));
    }

    long number() {
        byte first = bytes[at++];
        long value = first & 0x7f;
        for (int shift = 7; first < 0; shift += 7) {
            first = bytes[at++];
            value |= (first & 0x7fL) << shift;
        }
        return value;
    }

    long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Reads the number of things, or bytes, that follow. */
    int count() {
        return Math.toIntExact(number());
    }

    String text() {
        int length = count();
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    void skip(int length) {
        at += length;
    }

    void skipText() {
        int length = count();
        at += length;
    }

    void skipNumber() {
        // The last byte of a number is not negative.
        while (bytes[at] < 0) {
            at++;
        }
        at++;
    }

    Instant time(long base) {
        long seconds = base + signed();
        long part = number();
        return Instant.ofEpochSecond(seconds, (part & 1) == 0 ? part / 2 * 1_000_000 : part / 2);
    }
}
