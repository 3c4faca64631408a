package io.mlops.backends.http.wire;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request below the base address of a server. Immutable; each method returns a changed copy. */
@CheckReturnValue
public final class Call {
    /** One value of a query. */
    record Parameter(String name, String value) {}

    private final String method;
    private final String endpoint;
    private final List<String> segments;
    private final List<Parameter> query;
    private final @Nullable JsonBody body;
    private final boolean once;
    private final String about;

    private Call(
            String method,
            String endpoint,
            List<String> segments,
            List<Parameter> query,
            @Nullable JsonBody body,
            boolean once,
            String about) {
        this.method = method;
        this.endpoint = endpoint;
        this.segments = segments;
        this.query = query;
        this.body = body;
        this.once = once;
        this.about = about;
    }

    /** A call that reads, such as of {@code version}, or of {@link #mlflow} with a name. */
    public static Call get(String endpoint) {
        return of("GET", endpoint);
    }

    /** A call that writes, or searches. */
    public static Call post(String endpoint) {
        return of("POST", endpoint);
    }

    /** A call that changes. */
    public static Call patch(String endpoint) {
        return of("PATCH", endpoint);
    }

    /** A call that puts something in its place. */
    public static Call put(String endpoint) {
        return of("PUT", endpoint);
    }

    /** A call that removes. */
    public static Call delete(String endpoint) {
        return of("DELETE", endpoint);
    }

    /** The endpoint of MLflow's REST API with this name, such as {@code runs/get}. */
    public static String mlflow(String name) {
        return "api/2.0/mlflow/" + name;
    }

    private static Call of(String method, String endpoint) {
        return new Call(method, requireNonNull(endpoint, "endpoint"), List.of(), List.of(), null, false, "");
    }

    /**
     * The same call with these parts of a path after the endpoint; whatever they hold is encoded.
     *
     * @throws IllegalArgumentException if one is empty or only dots, which no address can hold
     */
    public Call segments(List<String> segments) {
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("'" + segment + "' cannot be a part of an address");
            }
        }
        return new Call(method, endpoint, List.copyOf(segments), query, body, once, about);
    }

    /** The same call with one more value of its query. A name may come again. */
    public Call query(String name, String value) {
        List<Parameter> more = new ArrayList<>(query);
        more.add(new Parameter(name, value));
        return new Call(method, endpoint, segments, List.copyOf(more), body, once, about);
    }

    /** The same call with this document; it is sent with its length, uncompressed. */
    public Call body(JsonBody body) {
        return new Call(method, endpoint, segments, query, requireNonNull(body, "body"), once, about);
    }

    /** The same call, not safe to repeat: after a failure that may have come after the deed it is not tried again. */
    public Call once() {
        return new Call(method, endpoint, segments, query, body, true, about);
    }

    /** The same call with the thing that it is about, for messages, such as {@code experiment 'fraud'}. */
    public Call about(String thing) {
        return new Call(method, endpoint, segments, query, body, once, " of " + thing);
    }

    String method() {
        return method;
    }

    String endpoint() {
        return endpoint;
    }

    List<String> segments() {
        return segments;
    }

    List<Parameter> query() {
        return query;
    }

    @Nullable
    JsonBody body() {
        return body;
    }

    boolean isOnce() {
        return once;
    }

    /** Method, endpoint and thing, as messages name a call. */
    @Override
    public String toString() {
        return method + " " + endpoint + about;
    }
}
