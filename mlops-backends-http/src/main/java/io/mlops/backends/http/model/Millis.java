package io.mlops.backends.http.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads numbers that anybody may have written. Not for instances. */
final class Millis {
    private Millis() {}

    /** A time from milliseconds since 1970; that year for no number. */
    static Instant read(@Nullable String text) {
        return read(text, Instant.EPOCH);
    }

    /** A time from milliseconds since 1970. */
    static Instant read(@Nullable String text, Instant otherwise) {
        try {
            return text == null ? otherwise : Instant.ofEpochMilli(Long.parseLong(text));
        } catch (NumberFormatException othersWroteIt) {
            return otherwise;
        }
    }

    /** The number of a version; 0 for none. */
    static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException othersWroteIt) {
            return 0;
        }
    }
}
