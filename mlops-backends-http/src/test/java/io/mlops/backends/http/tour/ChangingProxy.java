package io.mlops.backends.http.tour;

import io.mlops.backends.http.standin.Listener;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.Request;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.backends.http.standin.Upstream;
import java.io.IOException;
import java.net.URI;
import java.util.function.BiFunction;

/** A proxy that does all that a server is asked, and changes what it answers. Thread-safe. */
final class ChangingProxy implements AutoCloseable {
    private final Upstream upstream;
    private final BiFunction<Request, Reply, Reply> change;
    private final Listener listener;

    private ChangingProxy(TestServer server, BiFunction<Request, Reply, Reply> change) throws IOException {
        this.upstream = new Upstream(URI.create(server.address()), 0);
        this.change = change;
        this.listener = Listener.start(this::answer, true);
    }

    static ChangingProxy before(TestServer server, BiFunction<Request, Reply, Reply> change) throws IOException {
        return new ChangingProxy(server, change);
    }

    String address() {
        return listener.address();
    }

    private Reply answer(Request request) throws IOException {
        return change.apply(request, upstream.pass(request, request.target()));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
