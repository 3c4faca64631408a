package io.mlops.core.tracker;

import io.mlops.api.common.RunId;
import io.mlops.core.delivery.ClampedClock;
import java.security.SecureRandom;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Names for runs and writers that nobody else has: read by people, sorted by time, made without asking. */
final class RunIds {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int ID_BYTES = 6;
    private static final int WRITER_BYTES = 4;

    private final ClampedClock clock;
    private final SecureRandom random = new SecureRandom();

    RunIds(ClampedClock clock) {
        this.clock = clock;
    }

    /** For example {@code 20261121-093015-7f3a9c4e51d2}. */
    RunId next() {
        String time = TIME.format(clock.instant()).replaceAll("[^0-9-]", "").replaceFirst("^-+", "");
        return new RunId(time + "-" + hex(ID_BYTES));
    }

    /** For example {@code 7f3a9c4e}. */
    String writer() {
        return hex(WRITER_BYTES);
    }

    private String hex(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }
}
