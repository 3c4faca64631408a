package io.mlops.backends.http.wire;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is sent.
 *
 * @param url the whole address, encoded
 * @param headers by name
 */
record Outgoing(String method, String url, Map<String, String> headers, Payload payload) {
    static final String STREAM_TYPE = "application/octet-stream";

    /** What a request carries. It is never sent twice behind our back. */
    sealed interface Payload {}

    /** Nothing. */
    record Empty() implements Payload {}

    /** Bytes that are there, sent with their length. */
    static final class Bytes implements Payload {
        private final byte[] bytes;
        private final String type;

        Bytes(byte[] bytes, String type) {
            this.bytes = bytes;
            this.type = type;
        }

        /** The bytes themselves, which nobody changes. */
        byte[] bytes() {
            return bytes;
        }

        String type() {
            return type;
        }
    }

    /**
     * Bytes that are read while they are sent.
     *
     * @param chunked whether they are sent in pieces, so that a broken connection leaves nothing behind; else with their
     *     length
     * @param type null if what the signature of an address says of it stands in a header
     */
    record Stream(
            RelativePath path,
            Content content,
            boolean chunked,
            @Nullable String type) implements Payload {}

    /** Neither values of headers nor of the query. */
    @Override
    public String toString() {
        return method + " " + url.replaceFirst("\\?.*", "");
    }
}
