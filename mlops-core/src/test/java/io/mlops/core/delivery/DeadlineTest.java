package io.mlops.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void aMomentPasses() {
        assertThat(Deadline.now().passed()).isTrue();
        assertThat(Deadline.in(Duration.ofSeconds(-5)).passed()).isTrue();
        assertThat(Deadline.in(LONG).passed()).isFalse();
        assertThat(Deadline.in(LONG).nanosLeft()).isBetween(LONG.minusMinutes(1).toNanos(), LONG.toNanos());
    }

    @Test
    void aDurationBeyondALongIsForEver() {
        for (Deadline deadline : new Deadline[] {Deadline.never(), Deadline.in(Duration.ofSeconds(Long.MAX_VALUE))}) {
            assertThat(deadline.passed()).isFalse();
            assertThat(deadline.nanosLeft())
                    .isGreaterThan(Duration.ofDays(40_000).toNanos());
        }
    }

    @Test
    void theEarlierOneComesFirstAlsoWhereTheScaleOverflows() {
        Deadline before = new Deadline(Long.MAX_VALUE - 5);
        Deadline after = new Deadline(Long.MIN_VALUE + 5);

        assertThat(before.orEarlier(after)).isEqualTo(before);
        assertThat(after.orEarlier(before)).isEqualTo(before);
        assertThat(Deadline.never().orEarlier(Deadline.in(LONG)).nanosLeft()).isLessThanOrEqualTo(LONG.toNanos());
    }

    @Test
    void whoeverNeedsAMomentHasIt() {
        Deadline long1 = Deadline.in(LONG);

        assertThat(Deadline.now().atLeast(LONG).nanosLeft())
                .isGreaterThan(LONG.minusMinutes(1).toNanos());
        assertThat(long1.atLeast(Duration.ofSeconds(1))).isEqualTo(long1);
    }
}
