package io.mlops.backends.http.standin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP server on the loopback interface, which can misbehave as real ones do: no library would reset a
 * connection, answer before it read, or see where an upload broke off. Thread-safe.
 */
public final class Listener implements AutoCloseable {
    /** What answers the requests, from many threads. */
    @FunctionalInterface
    public interface Handler {
        /** Answers one request. */
        Reply answer(Request request) throws IOException;
    }

    private static final int IDLE_MILLIS = 5_000;
    private static final int STALLED_MILLIS = 60_000;

    private final ServerSocket socket;
    private final Handler handler;
    private final boolean keepsConnections;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private Listener(ServerSocket socket, Handler handler, boolean keepsConnections) {
        this.socket = socket;
        this.handler = handler;
        this.keepsConnections = keepsConnections;
    }

    /**
     * Starts to listen on a free port. Who keeps connections serves any number of them; who does not serves one after
     * the other, and one that says nothing holds up all others, as the one worker of servers before 3 does.
     */
    public static Listener start(Handler handler, boolean keepsConnections) throws IOException {
        ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Listener listener = new Listener(socket, handler, keepsConnections);
        daemon(listener::accept);
        return listener;
    }

    /** Returns the address without a path. */
    public String address() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                if (keepsConnections) {
                    daemon(() -> serve(connection));
                } else {
                    serve(connection);
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = new BufferedOutputStream(connection.getOutputStream());
            boolean more = true;
            while (more) {
                more = serveOne(connection, in, out);
            }
        } catch (IOException e) {
            // The client is gone, or kept quiet for too long.
        } finally {
            connections.remove(connection);
        }
    }

    private boolean serveOne(Socket connection, InputStream in, OutputStream out) throws IOException {
        connection.setSoTimeout(IDLE_MILLIS);
        String[] head = head(in);
        if (head == null) {
            return false;
        }
        connection.setSoTimeout(STALLED_MILLIS);
        Map<String, String> headers = headers(head);
        RequestBody body = RequestBody.of(headers, in, out);
        String[] line = head[0].split(" ", -1);
        Reply reply = handler.answer(new Request(line[0], line[1], headers, body));
        if (reply.status() == 0) {
            reset(connection);
            return false;
        }
        boolean keep = keepsConnections && !reply.unread() && !"close".equalsIgnoreCase(headers.get("connection"));
        if (!reply.unread() && !body.untouched()) {
            body.transferTo(OutputStream.nullOutputStream());
        }
        write(reply, keep, out);
        return keep && !body.untouched();
    }

    /** Ends a connection such that the client sees a reset, and not an orderly end. */
    static void reset(Socket connection) throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    /** Reads the lines of a head, or returns null where a client ended the connection between two requests. */
    static String @Nullable [] head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                if (head.isEmpty()) {
                    return null;
                }
                throw new EOFException("the request ended early");
            }
            head.append((char) next);
        }
        return head.toString().strip().split("\r\n");
    }

    static Map<String, String> headers(String[] head) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            String name = head[i].substring(0, colon).toLowerCase(Locale.ROOT);
            headers.put(name, head[i].substring(colon + 1).strip());
        }
        return headers;
    }

    private static void write(Reply reply, boolean keep, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Said\r\nServer: stand-in\r\n");
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        boolean chunked = reply.headers().containsKey("Transfer-Encoding");
        if (!chunked) {
            head.append("Content-Length: ").append(reply.body().length).append("\r\n");
        }
        // Who answers before it read says nothing of the end, as uvicorn does.
        head.append(keep || reply.unread() ? "\r\n" : "Connection: close\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (chunked && reply.body().length > 0) {
            out.write((Integer.toHexString(reply.body().length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(reply.body());
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            out.write(reply.body());
        }
        if (chunked) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }

    static void daemon(Runnable task) {
        Thread thread = new Thread(task, "stand-in");
        thread.setDaemon(true);
        thread.start();
    }
}
