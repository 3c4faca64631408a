package io.mlops.backends.http.config;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Addresses;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A proxy between this program and servers; user and password may be missing. */
public record ProxyServer(
        String host,
        int port,
        @Nullable String user,
        @Nullable Secret password) {
    public ProxyServer {
        requireNonNull(host, "host");
        if (host.isEmpty() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("a proxy needs a host, and a port from 1 to 65535");
        }
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("a proxy needs user and password, or neither");
        }
    }

    /**
     * Reads an address such as {@code http://user:password@proxy.example.com:3128}; without a port it is 80.
     *
     * @throws IllegalArgumentException if it is none of an HTTP proxy
     */
    public static ProxyServer parse(String address) {
        String rest = address.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            if (!rest.substring(0, scheme).equalsIgnoreCase("http")) {
                throw wrong(address, "is no address of a proxy that is reached by http");
            }
            rest = rest.substring(scheme + 3);
        }
        rest = rest.replaceFirst("/+$", "");
        int at = rest.lastIndexOf('@');
        String userInfo = rest.substring(0, Math.max(0, at));
        String host = rest.substring(at + 1);
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        try {
            int port = hasPort ? Integer.parseInt(host.substring(colon + 1)) : 80;
            String name = (hasPort ? host.substring(0, colon) : host).replaceAll("[\\[\\]]", "");
            if (userInfo.isEmpty()) {
                return new ProxyServer(name, port, null, null);
            }
            int split = userInfo.indexOf(':');
            return new ProxyServer(
                    name,
                    port,
                    decoded(split < 0 ? userInfo : userInfo.substring(0, split)),
                    Secret.of(split < 0 ? "" : decoded(userInfo.substring(split + 1))));
        } catch (IllegalArgumentException e) {
            // Its message may be a part of the address as typed, so it is no cause to be shown.
            throw wrong(address, "is no address of a proxy");
        }
    }

    private static IllegalArgumentException wrong(String address, String what) {
        return new IllegalArgumentException(
                "'" + Addresses.withoutSecrets(address) + "' " + what + ": write http://proxy.example.com:3128");
    }

    /** In the part of an address before the host, a plus sign is one. */
    static String decoded(String userInfo) {
        return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return host + ":" + port + (user == null ? "" : " for user " + user + " with password " + password);
    }
}
