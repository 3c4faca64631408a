package io.mlops.backends.http.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does with each connection what a test wants, as no library for servers would. */
final class RawServer implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    /** What is done with a connection; the number says which one it is, from 1. */
    interface Behaviour {
        void serve(Socket socket, int number) throws IOException, InterruptedException;
    }

    RawServer(Behaviour behaviour) {
        this(behaviour, false);
    }

    /** A server that keeps each connection open after that, and says nothing more, until the test is over. */
    static RawServer hanging(Behaviour before) {
        return new RawServer(before, true);
    }

    private RawServer(Behaviour behaviour, boolean hangs) {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    int number = connections.incrementAndGet();
                    start(() -> {
                        try (socket) {
                            behaviour.serve(socket, number);
                            if (hangs) {
                                over.await();
                            }
                        } catch (IOException | InterruptedException e) {
                            // The other side is gone, as in most of these tests.
                            return;
                        }
                    });
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** Reads the head of a request. */
    static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = in.read();
            if (one < 0) {
                throw new IOException("no request");
            }
            head.append((char) one);
        }
        return head.toString();
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** Ends a connection by a reset. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        over.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
