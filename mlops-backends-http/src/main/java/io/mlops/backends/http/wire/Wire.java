package io.mlops.backends.http.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.Credentials;
import io.mlops.backends.http.config.HttpSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One MLflow server. What is safe to repeat is tried again until it works or its time is over; a call that cannot reach
 * the server at all is a {@link BackendUnavailableException}. Thread-safe.
 */
public final class Wire implements AutoCloseable {
    private static final Duration HEALTH = Duration.ofSeconds(5);

    private final Address server;
    private final HttpSettings settings;
    private final JsonFactory json = new JsonFactory();
    private final Caller caller;
    private final ServerCall.Shared shared;
    private final JsonAnswers answers;
    private final Presigned presigned;
    private final Others others;

    private Wire(Address server, HttpSettings settings, Clockwork clock, NameService names) {
        this.server = server;
        this.settings = settings;
        Http http = Http.of(settings.network(), settings.patience(), server, names);
        Credentials.Basic user = server.user();
        Authorization authorization = new Authorization(user == null ? settings.credentials() : user, clock.nanos());
        Requests requests = new Requests(server, settings, authorization);
        Mask mask = new Mask(settings, authorization);
        caller = new Caller(server.name(), http, clock);
        Whereabouts whereabouts = new Whereabouts(server, url -> caller.ask(requests.health(url), HEALTH));
        Refusals refusals = new Refusals(json, server, authorization, mask, whereabouts);
        shared = new ServerCall.Shared(requests, authorization, refusals, whereabouts);
        answers = new JsonAnswers(json, refusals, whereabouts);
        presigned = Presigned.of(settings, http, clock, names, json);
        others = new Others(server, settings, address -> to(address, settings.withoutCredentials(), clock, names));
    }

    /**
     * Prepares calls to the server at an address; nothing is sent yet. A path is kept; user and password are
     * credentials, and win over those of the settings.
     *
     * @throws IllegalArgumentException naming what is wrong with the address
     * @throws RefusedException if the address is of plain http to another machine, which the settings do not allow, or a
     *     file of certificates cannot be read
     */
    public static Wire to(String address, HttpSettings settings) {
        return to(address, settings, Clockwork.system(), NameService.system());
    }

    static Wire to(String address, HttpSettings settings, Clockwork clock, NameService names) {
        Address server = Address.parse(requireNonNull(address, "address"));
        requireNonNull(settings, "settings");
        if (Http.hostOf(server.name()) == null) {
            throw new IllegalArgumentException(server.name() + " has a host that no machine can have");
        }
        if (!server.isSecure() && !server.isLoopback() && !settings.network().plainHttp()) {
            throw new RefusedException(
                    server.name() + " is reached by plain http, where everybody on the way reads along: write https,"
                            + " or allow it by HttpSettings.allowPlainHttp",
                    null);
        }
        return new Wire(server, settings, clock, names);
    }

    /** Scheme, host, port and path of the server, without user and password. */
    public String name() {
        return server.name();
    }

    /** How the server is reached. */
    public HttpSettings settings() {
        return settings;
    }

    /** Takes note of the server's version, for messages. */
    public void version(String told) {
        shared.whereabouts().version(told);
    }

    /**
     * Calls the server.
     *
     * @throws MlopsException if it says no, or does not answer
     */
    public <T> T call(Call call, AnswerReader<T> reader) {
        return ask(call, reader).orThrow();
    }

    /**
     * Calls the server; a no is a value.
     *
     * @throws MlopsException if there is no answer that can be understood
     */
    public <T> Answer<T> ask(Call call, AnswerReader<T> reader) {
        return send(Caller.Lane.CALL, call, payload(call), Map.of(), exchange -> answers.read(call, exchange, reader));
    }

    /**
     * Calls the server for a short text that is no JSON, such as its version; a no is a value.
     *
     * @throws MlopsException if there is no answer
     */
    public Answer<String> text(Call call) {
        return send(Caller.Lane.CALL, call, payload(call), Map.of(), exchange -> {
            String text = exchange.reply().text().strip();
            return text.startsWith("<")
                    ? shared.refusals().noJson(call, exchange, shared.refusals().words(exchange, text))
                    : new Answer.Value<>(text);
        });
    }

    /**
     * Sends bytes. After an unknown outcome the caller compares the size of what is there before it sends again.
     *
     * @throws WrongLengthException if the length is sent first and the content has another one
     * @throws MlopsException if the content cannot be read, or the server does not answer
     */
    public Answer<Upload.Done> upload(Upload upload) {
        Outgoing.Stream stream =
                new Outgoing.Stream(upload.path(), upload.content(), upload.chunked(), Outgoing.STREAM_TYPE);
        Duration longest = settings.patience().transfer(upload.content().bytes());
        return caller.call(
                new ServerCall<>(shared, Caller.Lane.UPLOAD, upload.call(), stream, Map.of(), Wire::sent), longest);
    }

    static Answer<Upload.Done> sent(Caller.Exchange exchange) throws IOException {
        var entry = exchange.trace().sent();
        if (entry == null) {
            throw new UnreadableException("it answers before all was sent");
        }
        return new Answer.Value<>(new Upload.Done(entry, exchange.reply().header("ETag")));
    }

    /**
     * Reads bytes.
     *
     * @param from the offset of the first byte
     * @param etag of an earlier answer, so that a rest is only given of the same bytes; null at the first time
     * @throws MlopsException if the server does not answer
     */
    public Answer<Download> download(Call call, long from, @Nullable String etag) {
        return send(
                Caller.Lane.DOWNLOAD,
                call,
                new Outgoing.Empty(),
                Downloads.headers(from, etag),
                exchange -> Downloads.begin(exchange, from, settings.patience()));
    }

    /** For addresses outside of the server that it hands out itself. */
    public Presigned presigned() {
        return presigned;
    }

    /**
     * Another server of MLflow that this one names, such as {@code //files:5000} with scheme and path as here. It gets the
     * same certificates and proxy, and no credentials; it is closed with this one, which it is if it has the same address.
     *
     * @throws RefusedException if the settings do not allow it
     */
    public Wire other(String address) {
        Wire other = others.get(address);
        return other == null ? this : other;
    }

    /** Ends the calls that are under way, and frees the connections; twice is harmless. */
    @Override
    public void close() {
        others.close();
        caller.close();
        presigned.close();
    }

    private <T> Answer<T> send(
            Caller.Lane lane,
            Call call,
            Outgoing.Payload payload,
            Map<String, String> headers,
            ServerCall.Reader<T> reader) {
        return caller.call(
                new ServerCall<>(shared, lane, call, payload, headers, reader),
                settings.patience().call());
    }

    private Outgoing.Payload payload(Call call) {
        JsonBody body = call.body();
        if (body == null) {
            return new Outgoing.Empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = json.createGenerator(bytes)) {
            body.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Outgoing.Bytes(bytes.toByteArray(), "application/json");
    }
}
