package io.mlops.backends.http.wire;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call of the server with all its tries. Not thread-safe. */
final class ServerCall<T> implements Caller.Kind<T> {
    /** What another try may help. */
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    private final Shared shared;
    private final Caller.Lane lane;
    private final Call call;
    private final Outgoing.Payload payload;
    private final Map<String, String> headers;
    private final Reader<T> reader;
    private int tries;
    private boolean refreshed;

    /** What all calls of one server have in common. */
    record Shared(Requests requests, Authorization authorization, Refusals refusals, Whereabouts whereabouts) {}

    /** Reads an answer that is not a refusal. */
    @FunctionalInterface
    interface Reader<T> {
        /** Reads it, or says why it is none. */
        Answer<T> read(Caller.Exchange exchange) throws IOException;
    }

    ServerCall(
            Shared shared,
            Caller.Lane lane,
            Call call,
            Outgoing.Payload payload,
            Map<String, String> headers,
            Reader<T> reader) {
        this.shared = shared;
        this.lane = lane;
        this.call = call;
        this.payload = payload;
        this.headers = headers;
        this.reader = reader;
    }

    @Override
    public String server() {
        return shared.refusals().server().name();
    }

    @Override
    public String what() {
        return call.toString();
    }

    @Override
    public Caller.Lane lane() {
        return lane;
    }

    @Override
    public Outgoing outgoing() {
        return shared.requests().of(call, payload, headers, tries++);
    }

    @Override
    public String masked(Outgoing sent, String text) {
        return shared.refusals().mask().apply(sent, text);
    }

    @Override
    public boolean maybeDone(Trace trace) {
        return changes() && (payload instanceof Outgoing.Stream ? trace.bodyStarted() : trace.started());
    }

    @Override
    public boolean once() {
        return call.isOnce() || payload instanceof Outgoing.Stream;
    }

    @Override
    public Answer<T> read(Caller.Exchange exchange) throws IOException {
        if (payload instanceof Outgoing.Stream && tries > 1 && !refreshed) {
            shared.requests().expectsNothing();
        }
        return reader.read(exchange);
    }

    @Override
    public @Nullable Outcome<T> refused(Caller caller, Caller.Exchange exchange) {
        Reply reply = exchange.reply();
        Refusals refusals = shared.refusals();
        if (reply.status() == 401 && !refreshed) {
            refreshed = true;
            if (shared.authorization().refresh(exchange.sent().headers().get(Requests.AUTHORIZATION))) {
                return null;
            }
        }
        ServerWords words = refusals.words(exchange);
        if (!words.code().isEmpty() && words.isJson()) {
            shared.whereabouts().answered();
        }
        if (reply.status() < 400) {
            return new Outcome.Done<>(refusals.noJson(call, exchange, words));
        }
        Answer<T> refused = refusals.of(call, exchange, words);
        return PASSING.contains(reply.status()) && !Refusals.isForGood(reply.status(), words)
                ? caller.failed(exchange, words, changes(), refused)
                : new Outcome.Done<>(refused);
    }

    private boolean changes() {
        return !call.method().equals("GET");
    }
}
