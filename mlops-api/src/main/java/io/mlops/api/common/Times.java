package io.mlops.api.common;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as every store keeps them, so that a clock that is far out cannot stop a program. */
public final class Times {
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Times() {}

    /** To the millisecond, and the nearest one from year 0 to year 9999. */
    public static Instant storable(Instant time) {
        if (time.isBefore(FIRST)) {
            return FIRST;
        }
        return time.isAfter(LAST) ? LAST : time.truncatedTo(ChronoUnit.MILLIS);
    }
}
