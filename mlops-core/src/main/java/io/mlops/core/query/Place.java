package io.mlops.core.query;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of a result in a search: the values it was ordered by. As a token it tells where the next page begins even
 * if that result was changed or deleted since.
 *
 * @param values text, {@link Long}, {@link Double}, or null for none
 */
record Place(List<@Nullable Object> values) {
    /** Writes the place down as a token of this search. */
    String token(String search) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Object value : values) {
                write(value, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Tokens.write(bytes.toByteArray(), search);
    }

    /**
     * Reads the place that a token tells.
     *
     * @throws IllegalArgumentException if it is no token of this search
     */
    static Place read(String token, String search) {
        byte[] bytes = Tokens.read(token, search);
        if (bytes == null) {
            throw notAToken();
        }
        List<@Nullable Object> values = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                values.add(read(in));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw notAToken();
        }
        return new Place(values);
    }

    static IllegalArgumentException notAToken() {
        return new IllegalArgumentException("the page token is not of this search: take that of the page before");
    }

    private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
        if (value == null) {
            out.writeByte('-');
        } else if (value instanceof Long number) {
            out.writeByte('L');
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte('D');
            out.writeDouble(number);
        } else {
            byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
            out.writeByte('T');
            out.writeInt(text.length);
            out.write(text);
        }
    }

    private static @Nullable Object read(DataInputStream in) throws IOException {
        return switch (in.readByte()) {
            case '-' -> null;
            case 'L' -> in.readLong();
            case 'D' -> in.readDouble();
            case 'T' -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            default -> throw notAToken();
        };
    }
}
