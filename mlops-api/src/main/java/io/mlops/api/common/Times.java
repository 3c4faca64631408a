package io.mlops.api.common;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Cuts times to what every store keeps, so that a clock that is far out cannot stop a program. */
public final class Times {
    private static final long EARLIEST = Limits.EARLIEST.toEpochMilli();
    private static final long EARLIEST_POINT = Limits.EARLIEST_POINT.toEpochMilli();
    private static final long LATEST = Limits.LATEST.toEpochMilli();

    private Times() {}

    /** A time to the millisecond, or the nearest one from year 0 to year 9999. */
    public static Instant storable(Instant time) {
        if (time.isBefore(Limits.EARLIEST)) {
            return Limits.EARLIEST;
        }
        return time.isAfter(Limits.LATEST) ? Limits.LATEST : time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Milliseconds since 1970 UTC of a point, or those of the nearest time from 1970 to year 9999. */
    public static long storablePoint(long epochMillis) {
        return Math.max(EARLIEST_POINT, Math.min(LATEST, epochMillis));
    }

    /** Milliseconds since 1970 UTC, or those of the nearest time from year 0 to year 9999. */
    public static long storable(long epochMillis) {
        return Math.max(EARLIEST, Math.min(LATEST, epochMillis));
    }
}
