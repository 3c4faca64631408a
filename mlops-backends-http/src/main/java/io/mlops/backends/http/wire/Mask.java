package io.mlops.backends.http.wire;

import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.ProxyServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes our own secrets out of what others say: a server may say what it was sent. Thread-safe. */
record Mask(HttpSettings settings, Authorization authorization) {
    private static final int SHORTEST = 4;
    /** Headers that everybody may see. */
    private static final Set<String> OPEN =
            Set.of("user-agent", "accept", "accept-encoding", "expect", "range", "if-range");

    /** The text without secrets, those among them that a request has sent. */
    String apply(Outgoing sent, String text) {
        List<String> secrets = new ArrayList<>();
        sent.headers().forEach((name, value) -> {
            if (!OPEN.contains(name.toLowerCase(Locale.ROOT))) {
                secrets.add(value);
                secrets.add(value.substring(value.indexOf(' ') + 1));
            }
        });
        secrets.addAll(authorization.secrets());
        add(secrets, settings.network().httpProxy());
        add(secrets, settings.network().httpsProxy());
        String masked = text;
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST) {
                masked = masked.replace(secret, "***");
            }
        }
        return masked;
    }

    private static void add(List<String> secrets, @Nullable ProxyServer proxy) {
        if (proxy != null && proxy.password() != null) {
            String both = proxy.user() + ":" + proxy.password().reveal();
            secrets.add(Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
            secrets.add(proxy.password().reveal());
        }
    }
}
