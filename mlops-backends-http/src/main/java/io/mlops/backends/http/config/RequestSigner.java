package io.mlops.backends.http.config;

import java.net.URI;
import java.util.Map;

/**
 * A hook that signs each request, as servers behind AWS ask for it. It is called for every try, on the thread that sends.
 * Thread-safe.
 */
@FunctionalInterface
public interface RequestSigner {
    /** The SHA-256 that stands for a body which is not known before it is sent. */
    String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    /**
     * Computes the headers that are added to a request, or take the place of those that it has.
     *
     * @param url the address as sent, encoded
     * @param headers as they are sent, names in lower case
     * @param bodySha256 in lower-case hexadecimal, of no bytes if there is no body, or {@link #UNSIGNED_PAYLOAD}
     */
    Map<String, String> sign(String method, URI url, Map<String, String> headers, String bodySha256);
}
