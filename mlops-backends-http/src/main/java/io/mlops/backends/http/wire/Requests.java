package io.mlops.backends.http.wire;

import io.mlops.api.common.RefusedException;
import io.mlops.api.spi.ContentCopy;
import io.mlops.backends.http.config.Credentials;
import io.mlops.backends.http.config.HeaderText;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.RequestSigner;
import java.net.URI;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Makes requests to one server, which alone gets credentials and the headers of the settings. Thread-safe. */
final class Requests {
    static final String AUTHORIZATION = "Authorization";
    /** Above it a server is asked whether it would take the bytes, so that a refusal costs nothing. */
    private static final long EXPECT_ABOVE_BYTES = 1 << 20;

    private final Address server;
    private final HttpSettings settings;
    private final Authorization authorization;
    /** Whether everybody on the way knows that question. */
    private final AtomicBoolean expects = new AtomicBoolean(true);

    Requests(Address server, HttpSettings settings, Authorization authorization) {
        this.server = server;
        this.settings = settings;
        this.authorization = authorization;
    }

    /**
     * Makes the request of one try.
     *
     * @param more headers of this call
     * @param tries how many there were before
     */
    Outgoing of(Call call, Outgoing.Payload payload, Map<String, String> more, int tries) {
        Map<String, String> headers = headers();
        headers.putAll(more);
        if (payload instanceof Outgoing.Stream stream
                && stream.content().bytes() > EXPECT_ABOVE_BYTES
                && tries == 0
                && expects.get()) {
            headers.put("Expect", "100-continue");
        }
        return signed(new Outgoing(call.method(), server.url(call), headers, payload));
    }

    /** Makes a request that asks an address of the server how it is. */
    Outgoing health(String url) {
        return signed(new Outgoing("GET", url, headers(), new Outgoing.Empty()));
    }

    /** Somebody on the way leaves the question unanswered. */
    void expectsNothing() {
        expects.set(false);
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", "mlops-java");
        headers.put("Accept", "application/json, */*;q=0.5");
        headers.put("Accept-Encoding", "identity");
        settings.headers().forEach((name, value) -> headers.put(name, value.reveal()));
        String who = authorization.header();
        if (who != null) {
            headers.put(AUTHORIZATION, who);
        }
        return headers;
    }

    private Outgoing signed(Outgoing outgoing) {
        if (!(settings.credentials() instanceof Credentials.Signed signed) || server.user() != null) {
            return outgoing;
        }
        Map<String, String> shown = new TreeMap<>();
        outgoing.headers().forEach((name, value) -> shown.put(name.toLowerCase(Locale.ROOT), value));
        shown.put("host", server.authority());
        String type = type(outgoing.payload());
        if (type != null) {
            shown.put("content-type", type);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(outgoing.headers());
        signed.signer()
                .sign(outgoing.method(), URI.create(outgoing.url()), shown, hash(outgoing.payload()))
                .forEach((name, value) -> headers.put(name, checked(name, value)));
        return new Outgoing(outgoing.method(), outgoing.url(), headers, outgoing.payload());
    }

    private static @Nullable String type(Outgoing.Payload payload) {
        if (payload instanceof Outgoing.Bytes bytes) {
            return bytes.type();
        }
        return payload instanceof Outgoing.Stream stream ? stream.type() : null;
    }

    private static String hash(Outgoing.Payload payload) {
        if (payload instanceof Outgoing.Stream) {
            return RequestSigner.UNSIGNED_PAYLOAD;
        }
        byte[] bytes = payload instanceof Outgoing.Bytes known ? known.bytes() : new byte[0];
        return HexFormat.of().formatHex(ContentCopy.sha256().digest(bytes));
    }

    private static String checked(String name, String value) {
        try {
            return HeaderText.checked("the header " + name + " of the signer", value);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(e.getMessage() + ": nothing was sent", null);
        }
    }
}
