package io.mlops.backends.http.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Text inside addresses. What is encoded here is decoded once, at the other end. */
final class PercentCoding {
    private static final String PLAIN = "-._~";

    private PercentCoding() {}

    /** One segment of a path, or one name or value of a query: everything but letters, digits and {@code -._~} encoded. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || PLAIN.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return encoded.toString();
    }

    /**
     * Decodes a user or a password of an address, in which a plus sign is one.
     *
     * @throws IllegalArgumentException if a percent sign does not begin a code
     */
    static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
