package io.mlops.backends.http.standin;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request, of which the body has not been read yet. Headers are by their names in lower case. */
public record Request(String method, String target, Map<String, String> headers, InputStream body) {
    /** Returns a header, or null if there is none. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** Returns the path as it was sent. */
    public String rawPath() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Returns the path with its escapes resolved once. */
    public String path() {
        return decoded(rawPath().replace("+", "%2B"));
    }

    /** Returns each name and value of the query, in their order. */
    public List<Map.Entry<String, String>> query() {
        List<Map.Entry<String, String>> found = new ArrayList<>();
        int start = target.indexOf('?');
        if (start < 0) {
            return found;
        }
        for (String pair : target.substring(start + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                found.add(Map.entry(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))));
            }
        }
        return found;
    }

    /** Returns the value of this name in the query, or an empty text. */
    public String query(String name) {
        return query().stream()
                .filter(pair -> pair.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    boolean chunked() {
        return "chunked".equals(header("transfer-encoding"));
    }

    byte[] allOfBody() throws IOException {
        return body.readAllBytes();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
