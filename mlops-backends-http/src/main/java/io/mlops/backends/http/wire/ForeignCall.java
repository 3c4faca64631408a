package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonFactory;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** One call of a signed address with all its tries: bytes for one name, so that repeating does no harm. Not thread-safe. */
final class ForeignCall<T> implements Caller.Kind<T> {
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    private final URI place;
    private final Outgoing outgoing;
    private final JsonFactory json;
    private final ServerCall.Reader<T> reader;

    ForeignCall(URI place, Outgoing outgoing, JsonFactory json, ServerCall.Reader<T> reader) {
        this.place = place;
        this.outgoing = outgoing;
        this.json = json;
        this.reader = reader;
    }

    @Override
    public String server() {
        return place.getScheme() + "://" + place.getHost();
    }

    @Override
    public String what() {
        return outgoing.method() + " of an address that the server signed";
    }

    @Override
    public Caller.Lane lane() {
        return outgoing.method().equals("PUT") ? Caller.Lane.UPLOAD : Caller.Lane.DOWNLOAD;
    }

    @Override
    public Outgoing outgoing() {
        return outgoing;
    }

    @Override
    public String masked(Outgoing sent, String text) {
        String query = place.getRawQuery();
        return query == null || query.isEmpty() ? text : text.replace(query, "***");
    }

    @Override
    public boolean maybeDone(Trace trace) {
        return outgoing.method().equals("PUT") && trace.started();
    }

    @Override
    public boolean once() {
        return false;
    }

    @Override
    public Answer<T> read(Caller.Exchange exchange) throws IOException {
        return reader.read(exchange);
    }

    @Override
    public Outcome<T> refused(Caller caller, Caller.Exchange exchange) {
        Reply reply = exchange.reply();
        ServerWords words = words(reply);
        String text = server() + " refuses " + what() + " (" + reply.status()
                + (words.code().isEmpty() ? "" : " " + words.code()) + ")";
        Answer<T> refused = new Answer.Refused<>(reply.status(), words.code(), "", exception(reply.status(), text));
        return PASSING.contains(reply.status())
                ? caller.failed(
                        exchange, new ServerWords(words.code(), "", false), maybeDone(exchange.trace()), refused)
                : new Outcome.Done<>(refused);
    }

    /** The message of an object store may repeat the signature; its code does not. */
    private ServerWords words(Reply reply) {
        try {
            return ServerWords.read(json, reply.text());
        } catch (IOException broken) {
            return new ServerWords("", "", false);
        }
    }

    private static MlopsException exception(int status, String text) {
        if (status == 404) {
            return new NotFoundException(text);
        }
        if (status >= 500) {
            return new BackendUnavailableException(text, true, null);
        }
        return new RefusedException(
                text + (status == 403 ? ": the signature may be too old, or the clock of this machine wrong" : ""),
                null);
    }
}
