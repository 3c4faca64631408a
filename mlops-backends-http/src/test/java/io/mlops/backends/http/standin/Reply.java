package io.mlops.backends.http.standin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a server answers. Status 0 means that the connection is reset instead. */
public final class Reply {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final boolean unread;

    Reply(int status, Map<String, String> headers, byte[] body, boolean unread) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.unread = unread;
    }

    /** Returns the status, such as 200. */
    public int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Returns the bytes themselves. */
    public byte[] body() {
        return body;
    }

    /** Tells whether this is said before the body of the request was read. */
    boolean unread() {
        return unread;
    }

    /** Answers with a text of this type. */
    public static Reply of(int status, String type, String body) {
        return of(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with bytes of this type. */
    public static Reply of(int status, String type, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        return new Reply(status, headers, body, false);
    }

    /** Answers with JSON. */
    public static Reply json(int status, String body) {
        return of(status, "application/json", body);
    }

    static Reply html(int status, String title) {
        String page = "<!doctype html>\n<html lang=en>\n<title>" + status + " " + title + "</title>\n<h1>" + title
                + "</h1>\n";
        return of(status, "text/html; charset=utf-8", page);
    }

    /** Resets the connection. */
    public static Reply reset() {
        return new Reply(0, Map.of(), new byte[0], true);
    }

    /** Adds a header. */
    public Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body, unread);
    }

    /** Says something else with the same head; the text has a character for each byte. */
    public Reply changed(UnaryOperator<String> change) {
        String other = change.apply(new String(body, StandardCharsets.ISO_8859_1));
        return new Reply(status, headers, other.getBytes(StandardCharsets.ISO_8859_1), unread);
    }

    /** Gives the answer before the body of the request was read, and closes the connection. */
    public Reply beforeReading() {
        return new Reply(status, headers, body, true);
    }
}
