package io.mlops.core.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tokens of pages as text that may stand in an address, with a checksum of its bytes and of the words of the
 * search or listing that it belongs to, so that nothing else passes for a token of that.
 */
final class Tokens {
    private Tokens() {}

    /** Makes a token of these bytes, which belongs to a search or listing of these words. */
    static String write(byte[] bytes, String of) {
        byte[] all = ByteBuffer.allocate(bytes.length + Integer.BYTES)
                .put(bytes)
                .putInt(checksum(bytes, bytes.length, of))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Gives the bytes back; null if no search or listing of these words made this token. */
    static byte @Nullable [] read(String token, String of) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int length = all.length - Integer.BYTES;
        boolean whole = length >= 0
                && ByteBuffer.wrap(all).getInt(length) == checksum(all, length, of)
                && Base64.getUrlEncoder().withoutPadding().encodeToString(all).equals(token);
        return whole ? Arrays.copyOf(all, length) : null;
    }

    private static int checksum(byte[] bytes, int length, String of) {
        CRC32C checksum = new CRC32C();
        checksum.update(of.getBytes(StandardCharsets.UTF_8));
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
