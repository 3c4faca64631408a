package io.mlops.backends.fs.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A buffer for protobuf fields in TFRecord frames; it grows as needed and is used again. Not thread-safe. */
final class Protobuf {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LONGEST_FIELD = 32;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[8192];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Returns a view of what was written, to be read only; valid until the next write. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** Returns a copy of what was written. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Leaves room for the head of a record; returns its offset for {@link #endRecord}. */
    int beginRecord() {
        ensure(LONGEST_FIELD);
        int start = size;
        size += EventFormat.HEADER_BYTES;
        return start;
    }

    /** Fills in the head of a record and its checksum around what was written since. */
    void endRecord(int start) {
        ensure(LONGEST_FIELD);
        int data = start + EventFormat.HEADER_BYTES;
        int length = size - data;
        LONG.set(bytes, start, (long) length);
        INT.set(bytes, start + 8, EventFormat.maskedCrc(crc, bytes, start, 8));
        INT.set(bytes, size, EventFormat.maskedCrc(crc, bytes, data, length));
        size += EventFormat.FOOTER_BYTES;
    }

    void varint(int field, long value) {
        ensure(LONGEST_FIELD);
        raw((long) field << 3);
        raw(value);
    }

    void fixed64(int field, long bits) {
        ensure(LONGEST_FIELD);
        raw(((long) field << 3) | 1);
        LONG.set(bytes, size, bits);
        size += 8;
    }

    void fixed32(int field, int bits) {
        ensure(LONGEST_FIELD);
        raw(((long) field << 3) | 5);
        INT.set(bytes, size, bits);
        size += 4;
    }

    /** Begins a nested message or text of this many bytes. */
    void length(int field, int messageBytes) {
        ensure(LONGEST_FIELD);
        raw(((long) field << 3) | 2);
        raw(messageBytes);
    }

    void bytes(int field, byte[] value) {
        length(field, value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    static int varintBytes(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
