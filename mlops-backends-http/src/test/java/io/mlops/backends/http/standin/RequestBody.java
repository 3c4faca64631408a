package io.mlops.backends.http.standin;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request, by its length or in chunks; an {@link EOFException} tells of one that ended early. */
final class RequestBody extends InputStream {
    private final InputStream connection;
    private final boolean chunked;
    private @Nullable OutputStream waiting;
    private long left;
    private boolean ended;

    private RequestBody(InputStream connection, boolean chunked, long left) {
        this.connection = connection;
        this.chunked = chunked;
        this.left = left;
        this.ended = !chunked && left == 0;
    }

    /** Makes the body that these headers announce; a client that waits is told to go on once it is read. */
    static RequestBody of(Map<String, String> headers, InputStream connection, OutputStream answers) {
        boolean chunked = "chunked".equals(headers.get("transfer-encoding"));
        long length = chunked ? 0 : Long.parseLong(headers.getOrDefault("content-length", "0"));
        RequestBody body = new RequestBody(connection, chunked, length);
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            body.waiting = answers;
        }
        return body;
    }

    /** Tells whether the client was not told to go on, and so sent nothing. */
    boolean untouched() {
        return waiting != null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        goOn();
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = connection.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the request ended early");
        }
        left -= count;
        if (left == 0) {
            if (chunked) {
                line();
            } else {
                ended = true;
            }
        }
        return count;
    }

    private void goOn() throws IOException {
        OutputStream answers = waiting;
        if (answers != null) {
            waiting = null;
            answers.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            answers.flush();
        }
    }

    private void nextChunk() throws IOException {
        left = Long.parseLong(line().strip(), 16);
        if (left == 0) {
            while (!line().isEmpty()) {}
            ended = true;
        }
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = connection.read(); next != '\n'; next = connection.read()) {
            if (next < 0) {
                throw new EOFException("the request ended early");
            }
            if (next != '\r') {
                text.append((char) next);
            }
        }
        return text.toString();
    }
}
