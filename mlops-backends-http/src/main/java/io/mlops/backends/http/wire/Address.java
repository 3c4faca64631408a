package io.mlops.backends.http.wire;

import io.mlops.api.common.Addresses;
import io.mlops.backends.http.config.Credentials;
import io.mlops.backends.http.config.Secret;
import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a server.
 *
 * @param host in lower case, as it is sent; IPv6 in brackets
 * @param path of the server below its host, encoded, without a slash at its end
 * @param user who asks, if the address says so; shown nowhere
 */
record Address(String scheme, String host, int port, String path, Credentials.@Nullable Basic user) {

    /**
     * Reads an address such as {@code https://mlflow.example.com/team}.
     *
     * @throws IllegalArgumentException naming the part that is wrong
     */
    static Address parse(String address) {
        int colon = address.indexOf("://");
        String scheme = address.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw wrong(address, "begins neither with http:// nor with https://");
        }
        String rest = address.substring(colon + 3);
        int end = firstOf(rest, "/?#\\");
        String authority = rest.substring(0, end);
        String path = rest.substring(end);
        // A password with a slash, a question mark or a hash that nobody encoded would end up in the path.
        if (path.contains("@")) {
            throw wrong(address, "has an @ in its path: encode what the password holds, a slash as %2F");
        }
        if (path.contains("?") || path.contains("#")) {
            throw wrong(address, "has a query or a fragment, which the address of a server cannot have");
        }
        int at = authority.lastIndexOf('@');
        String place = authority.substring(at + 1);
        int portColon = place.lastIndexOf(':');
        boolean hasPort = portColon > place.lastIndexOf(']');
        return new Address(
                scheme,
                host(address, hasPort ? place.substring(0, portColon) : place),
                hasPort ? port(address, place.substring(portColon + 1)) : defaultPort(scheme),
                path(address, path),
                at < 0 ? null : user(address, authority.substring(0, at)));
    }

    /** Scheme, host, port and path, without user and password. */
    String name() {
        return origin() + path;
    }

    /** Scheme, host and port. */
    String origin() {
        return scheme + "://" + authority();
    }

    /** Host and port as the header {@code Host} has them. */
    String authority() {
        return port == defaultPort(scheme) ? host : host + ":" + port;
    }

    boolean isSecure() {
        return scheme.equals("https");
    }

    /** Whether it is this machine, so that nobody is on the way. */
    boolean isLoopback() {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.matches("127(\\.[0-9]{1,3}){3}")
                || host.equals("[::1]");
    }

    /** The whole address of a call. */
    String url(Call call) {
        StringBuilder url = new StringBuilder(name());
        for (String segment : call.endpoint().split("/", -1)) {
            url.append('/').append(PercentCoding.encode(segment));
        }
        for (String segment : call.segments()) {
            url.append('/').append(PercentCoding.encode(segment));
        }
        char separator = '?';
        for (Call.Parameter parameter : call.query()) {
            url.append(separator)
                    .append(PercentCoding.encode(parameter.name()))
                    .append('=')
                    .append(PercentCoding.encode(parameter.value()));
            separator = '&';
        }
        return url.toString();
    }

    private static String host(String address, String host) {
        if (host.isEmpty()) {
            throw wrong(address, "has no host");
        }
        if (host.matches("\\[[0-9A-Fa-f:.]+]")) {
            return host.toLowerCase(Locale.ROOT);
        }
        try {
            String ascii = IDN.toASCII(host).toLowerCase(Locale.ROOT);
            if (ascii.matches("[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\\.?")) {
                return ascii;
            }
        } catch (IllegalArgumentException e) {
            // Its message is the host as typed, which may be a password.
            throw wrong(address, "has a host that no machine can have");
        }
        throw wrong(address, "has a host that no machine can have");
    }

    private static int port(String address, String port) {
        if (port.matches("[0-9]{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65535) {
            return Integer.parseInt(port);
        }
        throw wrong(address, "has a port that is no number from 1 to 65535");
    }

    private static String path(String address, String path) {
        String without = path.replaceFirst("/+$", "");
        for (String segment : without.split("/", -1)) {
            if (segment.equals(".")
                    || segment.equals("..")
                    || segment.toLowerCase(Locale.ROOT).contains("%2e")) {
                throw wrong(address, "has a path with dots for folders");
            }
        }
        if (!without.matches("(/[A-Za-z0-9._~!$&'()*+,;=:%-]*)*") || without.matches(".*%(?![0-9A-Fa-f]{2}).*")) {
            throw wrong(address, "has a path with a character that must be encoded");
        }
        return without;
    }

    private static Credentials.Basic user(String address, String userInfo) {
        int colon = userInfo.indexOf(':');
        try {
            return new Credentials.Basic(
                    PercentCoding.decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                    Secret.of(colon < 0 ? "" : PercentCoding.decode(userInfo.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            // Its message holds a part of the password.
            throw wrong(address, "has a user or password with a percent sign: encode it as %25");
        }
    }

    private static int firstOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static IllegalArgumentException wrong(String address, String what) {
        return new IllegalArgumentException("'" + Addresses.withoutSecrets(address) + "' " + what
                + ": write an address such as https://mlflow.example.com/team");
    }
}
