package io.mlops.backends.http.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mlops.backends.http.standin.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Passes requests on to a server and keeps what was said; a test makes it lose or refuse some. Thread-safe. */
final class Relay implements AutoCloseable {
    /** A request; its endpoint is what follows {@code /api/2.0/mlflow/}. */
    record Said(String method, String endpoint, String query, String body) {
        boolean is(String of) {
            return endpoint.equals(of);
        }
    }

    /** What happens to a request. */
    enum Fate {
        PASSED,
        /** It never reaches the server. */
        LOST,
        /** The server does it, and nobody hears of it. */
        ANSWER_LOST,
        /** Something between says that it is too large. */
        TOO_LARGE,
        /** Something between says that this one may not. */
        FORBIDDEN
    }

    private final HttpServer relay;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String target;
    private final List<Said> said = new CopyOnWriteArrayList<>();
    private volatile Function<Said, Fate> fates = request -> Fate.PASSED;

    private Relay(String target) throws IOException {
        this.target = target;
        this.relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        relay.createContext("/", this::handle);
        relay.setExecutor(threads);
        relay.start();
    }

    static Relay to(TestServer server) throws IOException {
        return new Relay(server.address());
    }

    String address() {
        return "http://127.0.0.1:" + relay.getAddress().getPort();
    }

    /** The requests so far, in order. */
    List<Said> said() {
        return List.copyOf(said);
    }

    /** The requests of one endpoint so far. */
    List<Said> said(String endpoint) {
        return said.stream().filter(request -> request.is(endpoint)).toList();
    }

    void forget() {
        said.clear();
    }

    void fates(Function<Said, Fate> of) {
        fates = of;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        URI uri = exchange.getRequestURI();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        Said request = new Said(
                exchange.getRequestMethod(),
                uri.getRawPath().replaceFirst("^/api/2[.]0/(mlflow/)?", ""),
                query,
                new String(body, StandardCharsets.UTF_8));
        said.add(request);
        Fate fate = fates.apply(request);
        try (exchange) {
            if (fate == Fate.TOO_LARGE || fate == Fate.FORBIDDEN) {
                exchange.sendResponseHeaders(fate == Fate.FORBIDDEN ? 403 : 413, -1);
            } else if (fate != Fate.LOST) {
                pass(exchange, uri, body, fate);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(HttpExchange exchange, URI uri, byte[] body, Fate fate) throws IOException, InterruptedException {
        HttpRequest.Builder passed = HttpRequest.newBuilder(URI.create(target + uri))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null) {
            passed.header("Content-Type", type);
        }
        HttpResponse<byte[]> answer = client.send(passed.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (fate == Fate.ANSWER_LOST) {
            return;
        }
        answer.headers()
                .firstValue("Content-Type")
                .ifPresent(value -> exchange.getResponseHeaders().add("Content-Type", value));
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        if (answer.body().length > 0) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    @Override
    public void close() {
        relay.stop(0);
        threads.shutdownNow();
    }
}
