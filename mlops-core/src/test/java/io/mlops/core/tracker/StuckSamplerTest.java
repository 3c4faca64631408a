package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readings hang, or a caller waits for room, while all is closed: the runs have all the time there is. */
final class StuckSamplerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration WITHIN = Duration.ofSeconds(2);
    /** Threads that hang get a moment more, but none of them a deadline of its own. */
    private static final Duration MOMENTS = Duration.ofMillis(1500);

    private final Set<Thread> before = TeeTest.threads();
    private final TroubledBackend first = new TroubledBackend();
    private final MemoryBackend second = new MemoryBackend();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void goOn() {
        goOn.countDown();
    }

    private Map<String, Double> read() {
        reading.countDown();
        try {
            assertThat(goOn.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Map.of("system/reads", 1.0);
    }

    private static MlopsConfig config() {
        return MlopsConfig.standard()
                .flushEvery(LONG)
                .syncEvery(LONG)
                .waitWhenFull(LONG)
                .closeWithin(LONG)
                .buffers(2);
    }

    private static MlopsConfig sampling() {
        return config().sampleEvery(Duration.ofMillis(1));
    }

    private EnvironmentSources hanging() {
        return new EnvironmentSources(null, this::read);
    }

    private Run recordAndHang(RecordingTracker tracker) throws InterruptedException {
        Run run = tracker.start(RunSpec.of("churn"));
        run.metric("loss", 0.5);
        assertThat(reading.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return run;
    }

    private static void closeInTime(RecordingTracker tracker) {
        long begin = System.nanoTime();
        tracker.close(WITHIN, CloseReason.CLOSED);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WITHIN.plus(MOMENTS));
    }

    private static void assertKilledWithItsPoint(Backend backend, Run run) {
        RunInfo stored = backend.runs().find(run.id()).orElseThrow();
        assertThat(stored.status()).isEqualTo(RunStatus.KILLED);
        assertThat(stored.metric("loss")).isEqualTo(0.5);
        assertThat(stored.metrics()).containsOnlyKeys("loss");
    }

    @Test
    void bothStoresOfATeeHaveTheTimeToEndWhatIsOpen() throws Exception {
        // A moment for each call, which nobody would wait for after the deadline.
        second.faults().slow(Duration.ofMillis(250));
        TeeTracker tracker = new TeeTracker(first, second, sampling(), hanging(), () -> {});
        Run run = recordAndHang(tracker);

        closeInTime(tracker);

        assertKilledWithItsPoint(first.memory(), run);
        second.faults().slow(Duration.ZERO);
        assertKilledWithItsPoint(second, run);
        assertThat(tracker.delivery().durable()).isEqualTo(2);
    }

    @Test
    void aStoreThatHangsAndReadingsThatHangTakeOneDeadlineTogether() throws Exception {
        CountDownLatch store = first.hang();
        StoredTracker tracker = new StoredTracker(first, sampling(), hanging(), () -> {});
        Run unused = recordAndHang(tracker);

        closeInTime(tracker);

        assertThat(tracker.delivery().dropped()).isEqualTo(Map.of("closed", 1L));
        store.countDown();
    }

    @Test
    void aSampleThatComesAfterTheEndIsNoLoss() throws Exception {
        StoredTracker tracker = new StoredTracker(first, sampling(), hanging(), () -> {});
        Run run = recordAndHang(tracker);
        closeInTime(tracker);

        goOn.countDown();
        TeeTest.awaitNoThreadsBut(before);

        assertKilledWithItsPoint(first.memory(), run);
        assertThat(tracker.delivery().dropped()).isEmpty();
        assertThat(tracker.delivery().accepted()).isEqualTo(1);
    }

    @Test
    void whoeverWaitsForRoomHoldsNothingUp() throws Exception {
        second.faults().down();
        TeeTracker tracker = new TeeTracker(first, second, config(), EnvironmentSources.none(), () -> {});
        Run run = tracker.start(RunSpec.of("churn"));
        Thread recording = new Thread(() -> {
            for (int i = 0; i < 5000; i++) {
                run.metric("loss", 0.5, i);
            }
        });
        recording.start();
        long deadline = System.nanoTime() + LONG.toNanos();
        while (recording.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }

        closeInTime(tracker);

        recording.join(LONG.toMillis());
        assertKilledWithItsPoint(first.memory(), run);
    }
}
