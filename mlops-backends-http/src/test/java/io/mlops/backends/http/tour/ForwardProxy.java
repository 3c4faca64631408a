package io.mlops.backends.http.tour;

import io.mlops.backends.http.standin.Listener;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.Request;
import io.mlops.backends.http.standin.Upstream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy of a company, which passes requests to any server on for whoever knows the password. Thread-safe. */
final class ForwardProxy implements AutoCloseable {
    private final String authorization;
    private final AtomicInteger passed = new AtomicInteger();
    private final Listener listener;

    private ForwardProxy(String user, String password) throws IOException {
        String both = user + ":" + password;
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
        this.listener = Listener.start(this::answer, true);
    }

    static ForwardProxy start(String user, String password) throws IOException {
        return new ForwardProxy(user, password);
    }

    /** Its host and port. */
    String authority() {
        return URI.create(listener.address()).getAuthority();
    }

    /** How many requests it has passed on. */
    int passed() {
        return passed.get();
    }

    private Reply answer(Request request) throws IOException {
        if (!authorization.equals(request.header("proxy-authorization"))) {
            return Reply.of(407, "text/html", "<html><title>ERR_CACHE_ACCESS_DENIED</title></html>")
                    .with("Proxy-Authenticate", "Basic realm=\"proxy\"")
                    .with("Server", "squid/5.7");
        }
        passed.incrementAndGet();
        URI address = URI.create(request.target());
        URI server = URI.create("http://" + address.getAuthority());
        return new Upstream(server, 0)
                .pass(request, request.target().substring(server.toString().length()));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
