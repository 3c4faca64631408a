package io.mlops.backends.http.config;

import java.time.Duration;

/**
 * How long calls wait.
 *
 * @param connect for a connection
 * @param silence for the next byte in either direction, such as while the server computes
 * @param call for the end of a call with all its tries; transfers of files get more, by their size
 * @param bytesPerSecond the slowest that a transfer may be
 */
public record Patience(Duration connect, Duration silence, Duration call, long bytesPerSecond) {
    private static final Duration LONGEST = Duration.ofDays(1);

    public Patience {
        connect = positive("connect", connect);
        silence = positive("silence", silence);
        call = positive("call", call);
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, not " + bytesPerSecond);
        }
    }

    /** 10 s, 60 s, 2 min, and 100 kB a second. */
    public static Patience standard() {
        return new Patience(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(2), 100_000);
    }

    /** How long a transfer of so many bytes may take. */
    public Duration transfer(long bytes) {
        return positive("transfer", call.plusSeconds(Math.min(bytes / bytesPerSecond, LONGEST.toSeconds())));
    }

    private static Duration positive(String name, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(name + " must be more than 0, not " + time);
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }
}
