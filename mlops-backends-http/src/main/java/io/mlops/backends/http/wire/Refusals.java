package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonFactory;
import io.mlops.api.common.Addresses;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.UnsupportedByBackendException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a server says instead of doing what it was asked into the exception that names the way out. Thread-safe.
 *
 * @param mask takes secrets out of what a server says, since it may say what it was sent
 * @param whereabouts tells where MLflow answers if it is not here
 */
record Refusals(JsonFactory json, Address server, Authorization authorization, Mask mask, Whereabouts whereabouts) {

    /** Whether trying again is of no use, whatever the status says. */
    static boolean isForGood(int status, ServerWords words) {
        return (status == 503 && words.message().contains("disabled"))
                || (status == 500
                        && List.of("FEATURE_DISABLED", "INVALID_STATE").contains(words.code()));
    }

    /** Reads the body of a refusal. */
    ServerWords words(Caller.Exchange exchange) {
        try {
            return words(exchange, exchange.reply().text());
        } catch (IOException broken) {
            return new ServerWords("", "", false);
        }
    }

    /** Reads a body that was read already. */
    ServerWords words(Caller.Exchange exchange, String body) {
        ServerWords words = ServerWords.read(json, body);
        return new ServerWords(
                mask.apply(exchange.sent(), words.code()),
                mask.apply(exchange.sent(), words.message()),
                words.isJson());
    }

    /** A refusal of the server itself. */
    <T> Answer<T> of(Call call, Caller.Exchange exchange, ServerWords words) {
        Reply reply = masked(exchange);
        return new Answer.Refused<>(reply.status(), words.code(), words.message(), exception(call, reply, words));
    }

    /** Something answers that is not MLflow, such as the page of a login or of a proxy. */
    <T> Answer<T> noJson(Call call, Caller.Exchange exchange, ServerWords words) {
        Reply reply = masked(exchange);
        String what = reply.worked() ? "with something that is no JSON" : "with status " + reply.status();
        String location = reply.header("Location");
        return new Answer.Refused<>(
                reply.status(),
                "",
                words.message(),
                new RefusedException(
                        server.name() + " answers " + call + " " + what + kind(reply)
                                + (location == null ? "" : ", and sends on to " + shown(location)) + said(words)
                                + ". " + wayOut(),
                        null));
    }

    /** The same head without secrets in it. */
    private Reply masked(Caller.Exchange exchange) {
        Reply reply = exchange.reply();
        return new Reply(
                reply.status(),
                name -> {
                    String value = reply.header(name);
                    return value == null ? null : mask.apply(exchange.sent(), value);
                },
                reply.body(),
                reply.length(),
                reply.release());
    }

    private MlopsException exception(Call call, Reply reply, ServerWords words) {
        String text = server.name() + " refuses " + call + " (" + reply.status()
                + (words.code().isEmpty() ? "" : " " + words.code()) + ")" + said(words);
        MlopsException byCode = words.isJson() ? ofCode(words.code(), text) : null;
        return byCode != null ? byCode : ofStatus(call, reply, words, text);
    }

    private static @Nullable MlopsException ofCode(String code, String text) {
        return switch (code) {
            case "RESOURCE_DOES_NOT_EXIST", "NOT_FOUND" -> new NotFoundException(text);
            case "RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS", "RESOURCE_CONFLICT", "ABORTED" ->
                new ConflictException(text);
            case "NOT_IMPLEMENTED", "FEATURE_DISABLED" -> new UnsupportedByBackendException(text);
            case "DATA_LOSS" -> new CorruptDataException(text, null);
            default -> null;
        };
    }

    private MlopsException ofStatus(Call call, Reply reply, ServerWords words, String text) {
        return switch (reply.status()) {
            case 401 ->
                new RefusedException(
                        text + ". It was asked with: " + authorization.shown()
                                + ". Give HttpSettings.token or HttpSettings.basic what it takes",
                        null);
            case 403 -> new RefusedException(text + permission(words), null);
            case 404, 405, 501 -> missing(call, reply, words, text);
            case 407 ->
                new RefusedException(text + ". The proxy wants user and password: write them into its address", null);
            case 413 ->
                new RefusedException(
                        text + ": it is longer than " + who(reply) + " allows; raise its limit"
                                + " (of nginx client_max_body_size)",
                        null);
            case 503 ->
                new UnsupportedByBackendException(
                        text + ": start the server with --serve-artifacts, or do without artifacts");
            default ->
                reply.status() >= 500
                        ? new BackendUnavailableException(text, !call.method().equals("GET"), null)
                        : new RefusedException(text, null);
        };
    }

    private String permission(ServerWords words) {
        if (words.message().contains("Invalid Host header")) {
            return ". Start the server with --allowed-hosts " + server.authority();
        }
        return ". It was asked with: " + authorization.shown()
                + ". The owner of the experiment or model gives permissions";
    }

    /** MLflow answers a thing that is missing in JSON; a page says that there is no such endpoint. */
    private MlopsException missing(Call call, Reply reply, ServerWords words, String text) {
        if (words.isJson() && reply.status() == 404 && !words.code().equals("ENDPOINT_NOT_FOUND")) {
            return new NotFoundException(text);
        }
        if (whereabouts.isHere()) {
            return new UnsupportedByBackendException(server.name() + " has no endpoint " + call + ": it is MLflow "
                    + whereabouts.version() + ", and other versions have it");
        }
        return new RefusedException(text + kind(reply) + ". " + wayOut(), null);
    }

    private String wayOut() {
        String where = whereabouts.find();
        if (where == null) {
            return "No MLflow answers at that address: does it need a path, a login or another port?";
        }
        return where.equals(server.name())
                ? "MLflow itself answers there: look at what stands between"
                : "MLflow answers at " + where + ": use that address";
    }

    private static String kind(Reply reply) {
        String type = reply.header("Content-Type");
        return (type == null ? "" : " of type " + ServerWords.shortened(type)) + " from " + who(reply);
    }

    private static String who(Reply reply) {
        String server = reply.header("Server");
        String via = reply.header("Via");
        String name = server == null ? "a server without a name" : "'" + ServerWords.shortened(server) + "'";
        return via == null ? name : name + " via '" + ServerWords.shortened(via) + "'";
    }

    private static String said(ServerWords words) {
        return words.message().isEmpty() ? "" : ": " + words.message();
    }

    /** Where a redirect leads, without what may be a secret of somebody who logs in. */
    private static String shown(String location) {
        return ServerWords.shortened(Addresses.withoutSecrets(location.replaceFirst("[?#].*", "")));
    }
}
