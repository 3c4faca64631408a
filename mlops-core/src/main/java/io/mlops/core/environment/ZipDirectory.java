package io.mlops.core.environment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The table of contents of a zip file. The JDK's reader takes as much memory as the file asks for, and cannot read a zip
 * file inside another without unpacking all of it; this one is bounded, and reads only the entries it is asked for.
 */
final class ZipDirectory {
    /** An entry as the table describes it. */
    record Entry(String name, int method, long packed, long size, long header) {}

    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int END_64_BYTES = 56;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int MAX_COMMENT = 0xffff;
    private static final long UNKNOWN = 0xffffffffL;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    /** Bytes of the table, which are some 200,000 entries. */
    private static final int MAX_TABLE_BYTES = 16 << 20;

    private final ZipBytes bytes;
    /** The length of what stands before the zip file proper, such as a script that starts it. */
    private final long prefix;

    private final long tableAt;
    private final int tableBytes;

    ZipDirectory(ZipBytes bytes) throws IOException {
        this.bytes = bytes;
        long end = findEnd();
        ByteBuffer record = bytes.read(end, END_BYTES);
        long size = Integer.toUnsignedLong(record.getInt(12));
        long offset = Integer.toUnsignedLong(record.getInt(16));
        long tableEnd = end;
        if (end >= LOCATOR_BYTES
                && bytes.read(end - LOCATOR_BYTES, LOCATOR_BYTES).getInt(0) == LOCATOR_64) {
            tableEnd = end - LOCATOR_BYTES - END_64_BYTES;
            ByteBuffer record64 = bytes.read(tableEnd, END_64_BYTES);
            if (record64.getInt(0) != END_64) {
                throw new ZipException("has an end that cannot be read");
            }
            size = record64.getLong(40);
            offset = record64.getLong(48);
        }
        if (size < 0 || size > MAX_TABLE_BYTES) {
            throw new ZipException("has too many entries to look at");
        }
        this.tableBytes = (int) size;
        this.tableAt = tableEnd - size;
        this.prefix = tableAt - offset;
    }

    private long findEnd() throws IOException {
        int length = (int) Math.min(bytes.size(), END_BYTES + MAX_COMMENT);
        long from = bytes.size() - length;
        ByteBuffer tail = bytes.read(from, length);
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) <= length) {
                return from + at;
            }
        }
        throw new ZipException("is no zip file");
    }

    /** The first {@code max} entries with such names. */
    List<Entry> entries(Predicate<String> wanted, int max) throws IOException {
        List<Entry> found = new ArrayList<>();
        ByteBuffer table = bytes.read(tableAt, tableBytes);
        int at = 0;
        while (at + CENTRAL_BYTES <= tableBytes && found.size() < max) {
            if (table.getInt(at) != CENTRAL) {
                throw new ZipException("has a damaged table of contents");
            }
            int nameBytes = Short.toUnsignedInt(table.getShort(at + 28));
            int next = at
                    + CENTRAL_BYTES
                    + nameBytes
                    + Short.toUnsignedInt(table.getShort(at + 30))
                    + Short.toUnsignedInt(table.getShort(at + 32));
            if (next > tableBytes) {
                throw new ZipException("has a table of contents that is cut off");
            }
            byte[] name = new byte[nameBytes];
            table.get(at + CENTRAL_BYTES, name);
            String text = new String(name, StandardCharsets.UTF_8);
            if (wanted.test(text)) {
                found.add(new Entry(
                        text,
                        Short.toUnsignedInt(table.getShort(at + 10)),
                        Integer.toUnsignedLong(table.getInt(at + 20)),
                        Integer.toUnsignedLong(table.getInt(at + 24)),
                        prefix + Integer.toUnsignedLong(table.getInt(at + 42))));
            }
            at = next;
        }
        return found;
    }

    /** Unpacks an entry while it is read; what it says of its own size is not believed. */
    InputStream open(Entry entry) throws IOException {
        ByteBuffer header = bytes.read(entry.header(), LOCAL_BYTES);
        if (header.getInt(0) != LOCAL || entry.packed() == UNKNOWN || entry.size() == UNKNOWN) {
            throw new ZipException("has an entry that cannot be read");
        }
        long from = entry.header()
                + LOCAL_BYTES
                + Short.toUnsignedInt(header.getShort(26))
                + Short.toUnsignedInt(header.getShort(28));
        InputStream packed = new Packed(bytes, from, entry.packed());
        return switch (entry.method()) {
            case STORED -> packed;
            case DEFLATED -> new Unpacked(packed);
            default -> throw new ZipException("has an entry packed in an unknown way");
        };
    }

    /** A part of the file as a stream. */
    private static final class Packed extends InputStream {
        private final ZipBytes bytes;
        private long position;
        private long left;

        Packed(ZipBytes bytes, long from, long length) {
            this.bytes = bytes;
            this.position = from;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = (int) Math.min(length, left);
            if (count <= 0) {
                return length == 0 ? 0 : -1;
            }
            bytes.read(position, count).get(into, from, count);
            position += count;
            left -= count;
            return count;
        }
    }

    /** A stream that unpacks, and gives the memory of its inflater back when it is closed. */
    private static final class Unpacked extends InflaterInputStream {
        Unpacked(InputStream packed) {
            super(packed, new Inflater(true), 1 << 13);
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }
}
