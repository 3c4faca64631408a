package io.mlops.backends.http.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server in this process that answers as MLflow's does on SQLite with a local folder for artifacts, oddities
 * included; a test asks both the same. All is in memory. Thread-safe.
 */
public final class StandIn implements TestServer, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Release release;
    private final String prefix;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Tables tables = new Tables();

    private final ArtifactTree tree = new ArtifactTree();
    private final ArtifactCalls artifacts;
    private final @Nullable Bucket bucket;
    private final SignedCalls signed;
    private final Routes routes = new Routes();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Listener listener;
    private volatile Function<Request, @Nullable Reply> interceptor = request -> null;
    private volatile BiFunction<Request, Reply, Reply> alteration = (request, reply) -> reply;

    private StandIn(Release release, String prefix, boolean behindBucket) throws IOException {
        this.release = release;
        this.prefix = prefix;
        this.bucket = behindBucket ? new Bucket(tree) : null;
        this.signed = new SignedCalls(this, release, bucket);
        this.artifacts = new ArtifactCalls(tree, this, release);
        new ExperimentCalls(tables, release).addTo(routes);
        new RunCalls(tables, release).addTo(routes);
        new RunSearchCalls(tables, release).addTo(routes);
        new LogCalls(tables, release).addTo(routes);
        new RegistryCalls(tables, release).addTo(routes);
        if (release.three()) {
            new LoggedModelCalls(tables, release).addTo(routes);
        }
        listener = Listener.start(request -> alteration.apply(request, answer(request)), release.three());
    }

    /** Starts a server of this version on a free port. */
    public static StandIn start(Release release) throws IOException {
        return new StandIn(release, "", false);
    }

    /** Starts a server that keeps its artifacts in a bucket, for which it signs addresses. */
    public static StandIn withBucket(Release release) throws IOException {
        return new StandIn(release, "", true);
    }

    /** Starts a server with all its paths below a prefix such as {@code /ml/flow}. */
    public static StandIn start(Release release, String prefix) throws IOException {
        return new StandIn(release, prefix, false);
    }

    @Override
    public String address() {
        return listener.address() + prefix;
    }

    @Override
    public void empty() {
        locked(() -> {
            tables.clear();
            tree.clear();
            return true;
        });
        requests.clear();
    }

    /** Returns what was asked since the server was emptied, such as {@code POST /api/2.0/mlflow/runs/create}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Lets a test answer instead, or return null. It is asked before anything else is done. */
    public void intercept(Function<Request, @Nullable Reply> instead) {
        interceptor = instead;
    }

    /** Lets a test make something else of each answer. */
    public void alter(BiFunction<Request, Reply, Reply> to) {
        alteration = to;
    }

    /** Returns the store behind a server that has one. */
    public Bucket bucket() {
        return Objects.requireNonNull(bucket, "the server keeps its artifacts by itself");
    }

    @Override
    public void close() throws IOException {
        if (bucket != null) {
            bucket.close();
        }
        listener.close();
    }

    /** Whether its paths are below another one. */
    boolean hasPrefix() {
        return !prefix.isEmpty();
    }

    Tables tables() {
        return tables;
    }

    <T> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    private Reply answer(Request request) throws IOException {
        requests.add(request.method() + " " + request.rawPath());
        Reply instead = interceptor.apply(request);
        if (instead != null) {
            return instead;
        }
        if (!request.rawPath().startsWith(prefix + "/")) {
            return Reply.html(404, "Not Found");
        }
        String path = request.rawPath().substring(prefix.length());
        if (path.equals("/health") || path.equals("/version")) {
            return Reply.of(200, "text/html; charset=utf-8", path.equals("/health") ? "OK" : release.number());
        }
        if (release.three() && !local(request.header("host"))) {
            return Reply.of(403, "text/plain", "Invalid Host header - possible DNS rebinding attack detected");
        }
        String origin = request.header("origin");
        if (release.three() && origin != null && !request.method().equals("GET") && !local(origin)) {
            return Reply.of(403, "text/plain", "Cross-origin request blocked");
        }
        try {
            return below(request, path);
        } catch (Refusal e) {
            ObjectNode body = Answers.object().put("error_code", e.code()).put("message", e.getMessage());
            if (release.three()) {
                body.put("sqlstate", "KAM00").put("error_class", e.code());
            }
            return Reply.json(e.status(), body.toString());
        }
    }

    private static boolean local(@Nullable String host) {
        return host != null && host.matches("(http://)?(127[.]0[.]0[.]1|localhost)(:\\d+)?");
    }

    private Reply below(Request request, String given) throws IOException {
        String path = given.replaceFirst("^/ajax-api/2[.]0/", "/api/2.0/");
        if (path.equals("/api/3.0/mlflow/server-info") && release.three()) {
            return Reply.json(200, "{\"store_type\": \"SqlStore\", \"workspaces_enabled\": false}");
        }
        Reply address = signed.answer(request, path);
        if (address != null) {
            return address;
        }
        Reply bytes = artifacts.answer(request, path);
        return bytes == null ? json(request, path) : bytes;
    }

    private Reply json(Request request, String path) throws IOException {
        boolean query = request.method().equals("GET");
        if (request.method().equals("POST") && !isJson(request) && routes.hasPath(path)) {
            throw Refusal.invalid("Bad Request. Content-Type must be one of ['application/json'].");
        }
        ObjectNode given = query ? fromQuery(request) : fromBody(request);
        if (given == null && path.endsWith("/runs/log-batch")) {
            return Reply.html(500, "Internal Server Error");
        }
        Arguments arguments = new Arguments(given == null ? Answers.object() : given);
        ObjectNode answer = locked(() -> routes.answer(request.method(), path, arguments));
        if (answer != null) {
            return Reply.json(200, answer.toPrettyString());
        }
        return routes.hasPath(path) ? Reply.html(405, "Method Not Allowed") : Reply.html(404, "Not Found");
    }

    private static boolean isJson(Request request) {
        return request.headers().getOrDefault("content-type", "").startsWith("application/json");
    }

    private static ObjectNode fromQuery(Request request) {
        ObjectNode fields = Answers.object();
        for (Map.Entry<String, String> pair : request.query()) {
            JsonNode before = fields.get(pair.getKey());
            if (before == null) {
                fields.put(pair.getKey(), pair.getValue());
            } else if (before.isArray()) {
                fields.withArray(pair.getKey()).add(pair.getValue());
            } else {
                fields.putArray(pair.getKey()).add(before).add(pair.getValue());
            }
        }
        return fields;
    }

    /** Reads JSON; what is none, compressed or (from 3 on) sent in chunks is as if there were nothing. */
    private @Nullable ObjectNode fromBody(Request request) throws IOException {
        byte[] body = request.allOfBody();
        if (release.three() && request.chunked()) {
            return null;
        }
        try {
            return JSON.readTree(body) instanceof ObjectNode fields ? fields : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
