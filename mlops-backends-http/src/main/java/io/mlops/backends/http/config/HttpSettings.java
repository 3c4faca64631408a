package io.mlops.backends.http.config;

import io.mlops.api.common.CheckReturnValue;

/** How a server is reached. Immutable; each method returns a changed copy. */
@CheckReturnValue
public final class HttpSettings {
    private HttpSettings() {}

    /** Settings that suit a server on this machine, or one behind a proxy that asks for nothing. */
    public static HttpSettings standard() {
        return new HttpSettings();
    }
}
