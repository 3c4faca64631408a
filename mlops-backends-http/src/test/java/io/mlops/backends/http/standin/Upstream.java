package io.mlops.backends.http.standin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The server behind a proxy of the tests, which is sent one request a connection. Thread-safe.
 *
 * @param silenceMillis how long an answer is waited for; for ever if 0
 */
public record Upstream(URI address, int silenceMillis) {
    private static final int BUFFER = 64 * 1024;

    /**
     * Passes a request on, and returns what the server answers.
     *
     * @param target the path and query to ask for
     * @throws SocketTimeoutException if it says nothing for too long
     */
    public Reply pass(Request request, String target) throws IOException {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(silenceMillis);
            send(request, target, new BufferedOutputStream(socket.getOutputStream(), BUFFER));
            return receive(new BufferedInputStream(socket.getInputStream(), BUFFER));
        }
    }

    private void send(Request request, String target, OutputStream out) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.put("connection", "close");
        headers.put("host", address.getAuthority());
        headers.keySet().removeAll(Set.of("expect", "proxy-authorization", "proxy-connection"));
        StringBuilder head = new StringBuilder(request.method() + " " + target + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        byte[] buffer = new byte[BUFFER];
        for (int count = request.body().read(buffer);
                count > 0;
                count = request.body().read(buffer)) {
            if (request.chunked()) {
                out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(buffer, 0, count);
            if (request.chunked()) {
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
        if (request.chunked()) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }

    private static Reply receive(InputStream in) throws IOException {
        String[] head = Listener.head(in);
        if (head == null) {
            return Reply.reset();
        }
        Map<String, String> headers = Listener.headers(head);
        InputStream body = RequestBody.of(headers, in, OutputStream.nullOutputStream());
        byte[] bytes = body.readAllBytes();
        headers.keySet().removeAll(Set.of("transfer-encoding", "content-length", "connection"));
        return new Reply(Integer.parseInt(head[0].split(" ", -1)[1]), headers, bytes, false);
    }
}
