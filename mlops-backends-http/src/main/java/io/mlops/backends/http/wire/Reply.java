package io.mlops.backends.http.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers: the head is there, the body arrives while it is read. Not thread-safe.
 *
 * @param header gives one by its name, or null
 * @param length of the body, or -1
 * @param release ends the exchange
 */
record Reply(int status, UnaryOperator<@Nullable String> header, InputStream body, long length, Runnable release)
        implements AutoCloseable {
    private static final int MOST_OF_A_REFUSAL = 1 << 16;

    @Nullable
    String header(String name) {
        return header.apply(name);
    }

    boolean worked() {
        return status >= 200 && status < 300;
    }

    /** Whether it says that its body is JSON, or does not say what it is. */
    boolean mayBeJson() {
        String type = header("Content-Type");
        return type == null || type.toLowerCase(Locale.ROOT).contains("json");
    }

    boolean isCompressed() {
        String encoding = header("Content-Encoding");
        return encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity");
    }

    /** The beginning of the body as text. */
    String text() throws IOException {
        return new String(body.readNBytes(MOST_OF_A_REFUSAL), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        release.run();
    }
}
