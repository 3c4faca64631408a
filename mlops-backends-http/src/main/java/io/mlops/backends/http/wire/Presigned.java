package io.mlops.backends.http.wire;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that a server hands out for bytes that lie elsewhere. They get the same certificates and proxy as the server,
 * and no credentials; it must be https, and no private address unless the settings allow it. Thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester") // as long as nothing is built here
public final class Presigned {
    Presigned() {}

    /**
     * Sends bytes with their length.
     *
     * @param headers as the server said
     * @throws RefusedException if the address is none that may be called
     */
    public Answer<Upload.Done> put(String url, Map<String, String> headers, RelativePath path, Content content) {
        throw new UnsupportedByBackendException("presigned addresses are not built yet");
    }

    /**
     * Reads bytes.
     *
     * @param from the offset of the first byte
     * @param etag of an earlier answer, so that a rest is only given of the same bytes; null at the first time
     * @throws RefusedException if the address is none that may be called
     */
    public Answer<Download> get(String url, Map<String, String> headers, long from, @Nullable String etag) {
        throw new UnsupportedByBackendException("presigned addresses are not built yet");
    }
}
