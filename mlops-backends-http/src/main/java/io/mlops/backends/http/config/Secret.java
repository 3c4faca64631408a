package io.mlops.backends.http.config;

import static java.util.Objects.requireNonNull;

/** A text that must not be shown: its {@code toString} prints nothing of it, and it cannot be serialized. */
public final class Secret {
    private final String text;

    private Secret(String text) {
        this.text = requireNonNull(text, "secret");
    }

    /** Wraps a token, a password or any other text that must not be shown. */
    public static Secret of(String text) {
        return new Secret(text);
    }

    /** The text itself, for whoever sends it. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
