package io.mlops.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Backoff backoff = new Backoff(FIRST, LONGEST);

    private void assertPause(Duration pause) {
        assertThat(backoff.failing()).isTrue();
        assertThat(backoff.pausing()).isTrue();
        assertThat(backoff.nextTry().nanosLeft())
                .isBetween(pause.minusSeconds(30).toNanos(), pause.toNanos());
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        backoff.failed();
        assertPause(FIRST);
        backoff.failed();
        assertPause(Duration.ofMinutes(2));
        backoff.failed();
        assertPause(Duration.ofMinutes(4));
        for (int i = 0; i < 200; i++) {
            backoff.failed();
            assertPause(LONGEST);
        }
    }

    @Test
    void aTryThatWorksForgetsThem() {
        assertThat(backoff.failing()).isFalse();
        assertThat(backoff.pausing()).isFalse();
        backoff.failed();
        backoff.failed();

        backoff.worked();

        assertThat(backoff.failing()).isFalse();
        assertThat(backoff.pausing()).isFalse();
        assertThat(backoff.nextTry().nanosLeft())
                .isGreaterThan(Duration.ofDays(365).toNanos());
        backoff.failed();
        assertPause(FIRST);
    }

    @Test
    void aPauseThatIsOverKeepsNobodyFromTrying() {
        Backoff none = new Backoff(Duration.ofNanos(1), Duration.ofNanos(1));
        none.failed();

        assertThat(none.failing()).isTrue();
        assertThat(none.nextTry().atLeast(Duration.ZERO).passed()).isTrue();
        assertThat(none.pausing()).isFalse();
    }
}
