package io.mlops.backends.http.wire;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What servers ask for when they say that it is too early. */
final class RetryAfter {
    /** Nobody waits longer for a server, whatever it asks for. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private RetryAfter() {}

    /**
     * Reads the header: seconds, or a date, which is compared with the server's own clock if that is told.
     *
     * @param date the header of that name
     * @return at most {@link #LONGEST}; null if there is nothing that can be understood
     */
    static @Nullable Duration of(@Nullable String header, @Nullable String date, Instant now) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        if (text.matches("[0-9]+")) {
            return text.length() > 9 ? LONGEST : capped(Duration.ofSeconds(Long.parseLong(text)));
        }
        Instant until = instant(text);
        if (until == null) {
            return null;
        }
        Instant there = date == null ? null : instant(date.strip());
        return capped(Duration.between(there == null ? now : there, until));
    }

    private static Duration capped(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static @Nullable Instant instant(String date) {
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
