package io.mlops.samples.boot;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection for one request, which no client library sends again behind the back of a test that counts. */
final class Http implements AutoCloseable {
    /**
     * What came back.
     *
     * @param status 0 if the connection was closed without an answer
     */
    record Answer(int status, String body) {}

    private final Socket socket;

    Http(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
    }

    static Answer get(int port, String path) throws IOException {
        try (Http http = new Http(port)) {
            http.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return http.answer();
        }
    }

    /** Announces a body and waits until the server asks for it. */
    void announce(String path, int bytes) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + bytes + "\r\n\r\n");
        String go = line() + line();
        if (!go.startsWith("HTTP/1.1 100")) {
            throw new IOException("expected to be told to go on, not " + go);
        }
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    Answer answer() throws IOException {
        String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int head = all.indexOf("\r\n\r\n");
        return head < 0
                ? new Answer(0, all)
                : new Answer(
                        Integer.parseInt(all.substring(9, 12)), body(all.substring(0, head), all.substring(head + 4)));
    }

    /** A body in chunks of ASCII has the length of each before it, in hexadecimal digits. */
    private static String body(String head, String rest) {
        if (!head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            return rest;
        }
        StringBuilder body = new StringBuilder();
        for (int at = 0; at < rest.length(); ) {
            int begin = rest.indexOf("\r\n", at) + 2;
            int length = Integer.parseInt(rest.substring(at, begin - 2), 16);
            body.append(rest, begin, begin + length);
            at = begin + length + 2;
        }
        return body.toString();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
