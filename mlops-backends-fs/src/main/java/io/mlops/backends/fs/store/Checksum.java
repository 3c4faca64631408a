package io.mlops.backends.fs.store;

import io.mlops.core.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The last field of a document, by which a reader sees that something else changed the rest. People may do that, so it
 * decides nothing.
 */
final class Checksum {
    static final String FIELD = "checksum";

    private static final String KIND = "crc32c:";
    private static final byte[] BEGIN = (",\n  \"" + FIELD + "\": \"" + KIND).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"\n}\n".getBytes(StandardCharsets.US_ASCII);
    /** The end of a document without a checksum. */
    private static final int PLAIN_END = "\n}\n".length();

    private static final int DIGITS = 8;
    private static final int TAIL = BEGIN.length + DIGITS + END.length;

    private Checksum() {}

    /** Writes a document that has fields, with its checksum at the end. */
    static byte[] seal(Json document) {
        byte[] plain = document.remove(FIELD).bytes();
        int length = plain.length - PLAIN_END;
        byte[] sealed = Arrays.copyOf(plain, length + TAIL);
        System.arraycopy(tail(plain, length), 0, sealed, length, TAIL);
        return sealed;
    }

    /** Returns whether a document has a checksum, of the kind that this version writes, and it is not that of the rest. */
    static boolean isWrong(byte[] bytes, Json document) {
        if (!document.has(FIELD) || !document.text(FIELD).startsWith(KIND)) {
            return false;
        }
        int length = bytes.length - TAIL;
        return length < 0 || !Arrays.equals(bytes, length, bytes.length, tail(bytes, length), 0, TAIL);
    }

    private static byte[] tail(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        byte[] tail = Arrays.copyOf(BEGIN, TAIL);
        byte[] digits = HexFormat.of().toHexDigits((int) crc.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, tail, BEGIN.length, DIGITS);
        System.arraycopy(END, 0, tail, BEGIN.length + DIGITS, END.length);
        return tail;
    }
}
