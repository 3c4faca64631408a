package io.mlops.backends.http.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The way to the server. Certificates and names of hosts are always checked; there is no switch for that.
 *
 * @param httpsProxy for servers that are reached by https; null for none
 * @param httpProxy for servers that are reached by http; null for none
 * @param withoutProxy hosts that are reached directly: names, ends of names such as {@code .example.com}, or {@code *}
 * @param trusted a PEM file with certificates that are trusted besides those of the platform; null for none
 * @param clientCertificate a PEM file with our own certificate, its chain and its key; null for none
 * @param pins of one of the server's certificates, such as {@code sha256/…=}; if there are any, one must fit
 * @param plainHttp whether http may be used to other machines, where everybody on the way reads along
 */
public record Network(
        @Nullable ProxyServer httpsProxy,
        @Nullable ProxyServer httpProxy,
        Set<String> withoutProxy,
        @Nullable Path trusted,
        @Nullable Path clientCertificate,
        Set<String> pins,
        boolean plainHttp) {
    public Network {
        withoutProxy = Collections.unmodifiableSet(new TreeSet<>(withoutProxy));
        pins = Collections.unmodifiableSet(new TreeSet<>(pins));
        for (String pin : pins) {
            if (!pin.matches("sha256/[A-Za-z0-9+/]{43}=")) {
                throw new IllegalArgumentException(
                        "'" + pin + "' is no pin: write sha256/ and the SHA-256 of the public key in Base64");
            }
        }
    }

    /** No proxy, and whom the platform trusts. */
    public static Network standard() {
        return new Network(null, null, Set.of(), null, null, Set.of(), false);
    }

    /** Copies with other proxies. */
    Network proxies(@Nullable ProxyServer https, @Nullable ProxyServer http, Set<String> without) {
        return new Network(https, http, without, trusted, clientCertificate, pins, plainHttp);
    }

    /** Copies with other certificates. */
    Network certificates(@Nullable Path trust, @Nullable Path client, Set<String> pinned) {
        return new Network(httpsProxy, httpProxy, withoutProxy, trust, client, pinned, plainHttp);
    }

    /** Copies with plain http allowed. */
    Network withPlainHttp() {
        return new Network(httpsProxy, httpProxy, withoutProxy, trusted, clientCertificate, pins, true);
    }

    /**
     * The proxy on the way to a server; null if it is reached directly.
     *
     * @param port less than 1 for that of the scheme
     */
    public @Nullable ProxyServer proxyTo(String scheme, String host, int port) {
        String name = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        int there = port > 0 ? port : scheme.equals("https") ? 443 : 80;
        boolean direct = withoutProxy.stream().anyMatch(pattern -> covers(pattern, name, there));
        return direct ? null : scheme.equals("https") ? httpsProxy : httpProxy;
    }

    private static boolean covers(String pattern, String host, int port) {
        String name = pattern.strip().toLowerCase(Locale.ROOT);
        if (name.endsWith(":" + port)) {
            name = name.substring(0, name.lastIndexOf(':'));
        }
        name = name.replaceFirst("^\\*?\\.", "");
        return name.equals("*") || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)));
    }
}
