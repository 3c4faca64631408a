package io.mlops.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class ClampedClockTest {
    private static ClampedClock at(Instant instant) {
        return new ClampedClock(InstantSource.fixed(instant));
    }

    @Test
    void itTellsWholeMilliseconds() {
        ClampedClock clock = at(Instant.parse("2026-11-21T09:30:15.123456789Z"));

        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-21T09:30:15.123Z"));
        assertThat(clock.millis()).isEqualTo(clock.instant().toEpochMilli());
    }

    @Test
    void aTimeThatNoLongCanHoldBecomesTheNearest() {
        assertThat(at(Instant.MAX).millis()).isEqualTo(Long.MAX_VALUE);
        assertThat(at(Instant.MIN).millis()).isEqualTo(Long.MIN_VALUE);
        assertThat(at(Instant.MIN).instant()).isEqualTo(Instant.ofEpochMilli(Long.MIN_VALUE));
    }
}
