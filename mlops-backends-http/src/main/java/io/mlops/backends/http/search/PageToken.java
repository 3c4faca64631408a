package io.mlops.backends.http.search;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Where a page ended: the token of the search, which tells the last run by what it was ordered by, and from where on the
 * server has to be asked again, whose own tokens would skip runs that it takes for equal.
 *
 * @param place the token that {@code core.query} made, which is bound to the words of the search
 * @param marks the server's tokens, one for each listing, empty for its beginning
 */
record PageToken(String place, List<String> marks) {
    PageToken {
        marks = List.copyOf(marks);
    }

    /** Writes the token as text that may stand in an address. */
    String write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(place, out);
            out.writeInt(marks.size());
            for (String mark : marks) {
                write(mark, out);
            }
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException if it was not written here
     */
    static PageToken read(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            int length = bytes.length - Integer.BYTES;
            if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != checksum(bytes, length)) {
                throw notAToken();
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(Arrays.copyOf(bytes, length)));
            String place = read(in);
            List<String> marks = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                marks.add(read(in));
            }
            return new PageToken(place, marks);
        } catch (IOException | IllegalArgumentException e) {
            throw notAToken();
        }
    }

    /**
     * The time that a mark tells.
     *
     * @throws IllegalArgumentException if it tells none
     */
    static long millis(String mark) {
        try {
            return Long.parseLong(mark);
        } catch (NumberFormatException e) {
            throw notAToken();
        }
    }

    static IllegalArgumentException notAToken() {
        return new IllegalArgumentException("the page token is not of this search: take that of the page before");
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw notAToken();
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
