package io.mlops.backends.http.wire;

import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.ProxyServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes our own secrets out of what others say: a server may say what it was sent. Thread-safe. */
record Mask(HttpSettings settings, Authorization authorization) {
    private static final int SHORTEST = 3;

    String apply(String text) {
        List<String> secrets = new ArrayList<>(authorization.secrets());
        settings.headers().values().forEach(value -> secrets.add(value.reveal()));
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
            secrets.add(proxy.password().reveal());
        }
    }
}
