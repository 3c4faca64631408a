package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonFactory;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HeaderText;
import io.mlops.backends.http.config.HttpSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that a server hands out for bytes that lie elsewhere. They get the same certificates and proxy as the server,
 * and no credentials; it must be https, and no private address unless the settings allow it. Thread-safe.
 */
public final class Presigned implements AutoCloseable {
    /** Headers that say who we are, or where a request ends: no server may set them. */
    private static final Set<String> NEVER = Set.of(
            "authorization",
            "cookie",
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "expect",
            "upgrade");

    private final HttpSettings settings;
    private final JsonFactory json;
    private final NameService names;
    private final Caller open;
    private final Caller anywhere;

    private Presigned(HttpSettings settings, JsonFactory json, NameService names, Caller open, Caller anywhere) {
        this.settings = settings;
        this.json = json;
        this.names = names;
        this.open = open;
        this.anywhere = anywhere;
    }

    static Presigned of(HttpSettings settings, Http http, Clockwork clock, NameService names, JsonFactory json) {
        return new Presigned(
                settings,
                json,
                names,
                new Caller("the store behind the server", http.elsewhere(names, true), clock),
                new Caller("the store behind the server", http.elsewhere(names, false), clock));
    }

    /**
     * Sends bytes with their length.
     *
     * @param headers as the server said
     * @throws RefusedException if the address is none that may be called
     */
    public Answer<Upload.Done> put(String url, Map<String, String> headers, RelativePath path, Content content) {
        URI place = checked(url);
        Outgoing outgoing = new Outgoing("PUT", url, headers(headers), new Outgoing.Stream(path, content, false, null));
        return callerOf(place)
                .call(
                        new ForeignCall<>(place, outgoing, json, Wire::sent),
                        settings.patience().transfer(content.bytes()));
    }

    /**
     * Reads bytes.
     *
     * @param from the offset of the first byte
     * @param etag of an earlier answer, so that a rest is only given of the same bytes; null at the first time
     * @throws RefusedException if the address is none that may be called
     */
    public Answer<Download> get(String url, Map<String, String> headers, long from, @Nullable String etag) {
        URI place = checked(url);
        Map<String, String> all = headers(headers);
        all.putAll(Downloads.headers(from, etag));
        Outgoing outgoing = new Outgoing("GET", url, all, new Outgoing.Empty());
        return callerOf(place)
                .call(
                        new ForeignCall<>(
                                place,
                                outgoing,
                                json,
                                exchange -> Downloads.begin(exchange, from, settings.patience())),
                        settings.patience().call());
    }

    @Override
    public void close() {
        open.close();
        anywhere.close();
    }

    private static Map<String, String> headers(Map<String, String> told) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        told.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9-]+") || NEVER.contains(name.toLowerCase(Locale.ROOT))) {
                throw new RefusedException(
                        "the server wants a header '" + ServerWords.shortened(name) + "' sent elsewhere", null);
            }
            headers.put(name, checkedValue(name, value));
        });
        headers.put("User-Agent", "mlops-java");
        headers.put("Accept-Encoding", "identity");
        return headers;
    }

    private static String checkedValue(String name, String value) {
        try {
            return HeaderText.checked("the header " + name + " that the server wants sent elsewhere", value);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()), null);
        }
    }

    private Caller callerOf(URI place) {
        return isTrusted(place) ? anywhere : open;
    }

    private boolean isTrusted(URI place) {
        return settings.places().privateAddresses() || settings.places().mayCall(place.getHost(), port(place));
    }

    private static int port(URI place) {
        return place.getPort() > 0 ? place.getPort() : "https".equalsIgnoreCase(place.getScheme()) ? 443 : 80;
    }

    /** What a signed address says after its path is a secret, and in no message. */
    private URI checked(String url) {
        URI place;
        try {
            place = new URI(url);
        } catch (URISyntaxException e) {
            throw new RefusedException("the server hands out an address that is none", null);
        }
        String scheme = String.valueOf(place.getScheme()).toLowerCase(Locale.ROOT);
        String host = place.getHost();
        if (host == null
                || !bare(host).equalsIgnoreCase(Http.hostOf(url))
                || place.getUserInfo() != null
                || !Set.of("http", "https").contains(scheme)) {
            throw new RefusedException("the server hands out an address that is not one of https with a host", null);
        }
        if (scheme.equals("http")
                && !settings.network().plainHttp()
                && !settings.places().privateAddresses()) {
            throw new RefusedException(
                    "the server hands out an address of plain http on " + host
                            + ": let it sign such of https, or allow it by HttpSettings.allowPlainHttp",
                    null);
        }
        if (!isTrusted(place) && !isPublic(place, scheme)) {
            throw new RefusedException(
                    "the server hands out an address on " + host + ", which is in a private network: allow it by"
                            + " HttpSettings.allowHost or HttpSettings.allowPrivateAddresses",
                    null);
        }
        return place;
    }

    private static String bare(String host) {
        return host.replaceAll("[\\[\\]]", "");
    }

    /** Behind a proxy, names are its own to find; what is an address already can be seen. */
    private boolean isPublic(URI place, String scheme) {
        String host = place.getHost().toLowerCase(Locale.ROOT);
        boolean isAddress = host.startsWith("[") || host.matches("[0-9.]+") || host.matches("0x[0-9a-f]+(\\..*)?");
        boolean proxied = settings.network().proxyTo(scheme, host, place.getPort()) != null;
        if (proxied && !isAddress) {
            return !host.equals("localhost") && !host.endsWith(".localhost") && host.contains(".");
        }
        try {
            for (InetAddress address : names.lookup(host)) {
                if (!PublicAddresses.isPublic(address)) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            // Nobody is reached; the call says so.
            return true;
        }
    }
}
