package io.mlops.backends.http.standin;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy that passes every call on, and resets the connection instead of giving each n-th answer. Thread-safe. */
public final class LossyProxy implements TestServer, AutoCloseable {
    private final TestServer server;
    private final Upstream upstream;
    private final int every;
    private final AtomicInteger calls = new AtomicInteger();
    private final Listener listener;

    private LossyProxy(TestServer server, int every) throws IOException {
        this.server = server;
        this.upstream = new Upstream(URI.create(server.address()), 0);
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
        Reply reply = upstream.pass(request, request.target());
        return calls.incrementAndGet() % every == 0 ? Reply.reset() : reply;
    }
}
