package io.mlops.backends.http.standin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy that passes every call on, and resets the connection instead of giving each n-th answer. Thread-safe. */
public final class LossyProxy implements TestServer, AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final TestServer server;
    private final int every;
    private final AtomicInteger calls = new AtomicInteger();
    private final Listener listener;

    private LossyProxy(TestServer server, int every) throws IOException {
        this.server = server;
        this.every = every;
        this.listener = Listener.start(this::pass, true);
    }

    /** Starts a proxy before a server that has no path. */
    public static LossyProxy before(TestServer server, int every) throws IOException {
        return new LossyProxy(server, every);
    }

    @Override
    public String address() {
        return listener.address();
    }

    @Override
    public void empty() throws IOException {
        server.empty();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private Reply pass(Request request) throws IOException {
        URI address = URI.create(server.address());
        Reply reply;
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            send(request, address, new BufferedOutputStream(socket.getOutputStream(), BUFFER));
            reply = receive(new BufferedInputStream(socket.getInputStream(), BUFFER));
        }
        return calls.incrementAndGet() % every == 0 ? Reply.reset() : reply;
    }

    private static void send(Request request, URI address, OutputStream out) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.put("connection", "close");
        headers.put("host", address.getAuthority());
        headers.remove("expect");
        StringBuilder head = new StringBuilder(request.method() + " " + request.target() + " HTTP/1.1\r\n");
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
