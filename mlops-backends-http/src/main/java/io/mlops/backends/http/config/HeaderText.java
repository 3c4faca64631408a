package io.mlops.backends.http.config;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Set;

/** What may be sent in a header; a value that may not is named, not shown. */
public final class HeaderText {
    /** What the connection itself needs, or what has a setting of its own. */
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "content-type",
            "content-encoding",
            "transfer-encoding",
            "accept-encoding",
            "connection",
            "expect",
            "te",
            "upgrade",
            "proxy-authorization",
            "proxy-connection",
            "range",
            "if-range",
            "cookie2");

    private HeaderText() {}

    /**
     * Checks a value: printable ASCII, as every server takes it.
     *
     * @param what to call it in the message
     */
    public static String checked(String what, String value) {
        requireNonNull(value, what);
        if (value.isEmpty() || !value.strip().equals(value)) {
            throw new IllegalArgumentException(what + " is empty, or begins or ends with a blank");
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(what + " holds a character that no header may hold");
        }
        return value;
    }

    static void checkName(String name) {
        requireNonNull(name, "name");
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
            throw new IllegalArgumentException("no header may be called '" + name + "'");
        }
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the header " + name + " is set by the connection itself");
        }
    }
}
