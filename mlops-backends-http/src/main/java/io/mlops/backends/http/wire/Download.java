package io.mlops.backends.http.wire;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that arrive while they are read; whoever gets it closes the stream. Not thread-safe.
 *
 * @param from the offset of the first byte: 0 if the server gives all although fewer were asked for
 * @param length how many bytes come; -1 if the server does not say
 * @param etag what names this state of the bytes, so that the rest may be asked for later; null if there is none
 */
public record Download(
        InputStream bytes, long from, long length, @Nullable String etag) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
