package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What becomes of what was recorded, whatever the store does. */
final class DeliveryTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final MemoryBackend memory = new MemoryBackend();

    private static List<String> warnings() {
        return TestLoggerFactory.getAllLoggingEvents().stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(LoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void aRunWithTheStoreDownDoesNotThrowAndArrivesLater() {
        try (Mlops mlops = Mlops.using(memory)) {
            memory.faults().down();
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 0.5));
            assertThat(mlops.delivery().pending()).isPositive();

            memory.faults().up();

            assertThat(mlops.flush(LONG)).isTrue();
            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(0.5);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(1, 1, 1, 0, Map.of()));
        }
    }

    @Test
    void everyPointArrivesOnceThoughTheStoreFailsNowAndThen() {
        try (Mlops mlops = Mlops.using(memory, MlopsConfig.standard().flushEvery(Duration.ofMillis(5)))) {
            int points = 50_000;
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < points; i++) {
                    if (i % 5000 == 0) {
                        memory.faults().failNext(2);
                    }
                    run.metric("loss", i, i);
                }
            });

            assertThat(mlops.flush(LONG)).isTrue();
            assertThat(mlops.tracker().history(id, "loss").stream().mapToLong(MetricPoint::step))
                    .containsExactlyElementsOf(
                            LongStream.range(0, points).boxed().toList());
            assertThat(mlops.delivery().delivered()).isEqualTo(points);
        }
    }

    @Test
    void theAccountIsRightAtEveryMoment() throws InterruptedException {
        MlopsConfig config =
                MlopsConfig.standard().buffers(4).waitWhenFull(Duration.ZERO).flushEvery(Duration.ofMillis(1));
        try (Mlops mlops = Mlops.using(memory, config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            List<Thread> writers = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                String key = "key-" + w;
                Thread writer = new Thread(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        run.metric(key, i, i);
                    }
                });
                writer.start();
                writers.add(writer);
            }
            while (writers.stream().anyMatch(Thread::isAlive)) {
                // The constructor of Delivery refuses an account that does not add up.
                assertThat(mlops.delivery().accepted()).isLessThanOrEqualTo(400_000);
                assertThat(run.flush(Duration.ofMillis(1))).isIn(true, false);
            }
            for (Thread writer : writers) {
                writer.join();
            }
            run.complete();

            Delivery delivery = mlops.delivery();
            assertThat(delivery.accepted()).isEqualTo(400_000);
            assertThat(delivery.pending()).isZero();
            assertThat(delivery.durable()).isEqualTo(delivery.delivered());
            RunInfo info = mlops.tracker().get(run.id());
            long stored = info.metrics().values().stream()
                    .mapToLong(m -> m.range().count())
                    .sum();
            assertThat(stored).isEqualTo(delivery.delivered());
        }
    }

    @Test
    void aFullBufferDropsAndCounts() {
        MlopsConfig config = MlopsConfig.standard().buffers(2).waitWhenFull(Duration.ZERO);
        try (Mlops mlops = Mlops.using(memory, config)) {
            memory.faults().down();
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 10_000; i++) {
                    run.metric("loss", i, i);
                }
            });
            memory.faults().up();

            assertThat(mlops.flush(LONG))
                    .as("it tells once that something is lost")
                    .isFalse();
            assertThat(mlops.flush(LONG)).isTrue();
            Delivery delivery = mlops.delivery();
            assertThat(delivery.accepted()).isEqualTo(10_000);
            assertThat(delivery.delivered()).isEqualTo(3 * PointChunk.CAPACITY);
            assertThat(delivery.dropped()).isEqualTo(Map.of("buffer full", 10_000L - 3 * PointChunk.CAPACITY));
            assertThat(mlops.tracker().history(id, "loss").stream().count()).isEqualTo(3 * PointChunk.CAPACITY);
        }
    }

    @Test
    void aRunThatRecordsLittleHoldsLittle() {
        MlopsConfig config = MlopsConfig.standard()
                .buffers(2)
                .waitWhenFull(Duration.ZERO)
                .flushEvery(Duration.ofMillis(1))
                .syncEvery(Duration.ofDays(1));
        try (Mlops mlops = Mlops.using(memory, config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            for (int i = 1; i <= 50; i++) {
                run.metric("loss", i, i);
                while (mlops.delivery().delivered() < i) {
                    Thread.onSpinWait();
                }
            }

            // Had each delivery kept a buffer of its own, the store would have had to make them durable to get them
            // back.
            assertThat(mlops.delivery()).isEqualTo(new Delivery(50, 50, 0, 0, Map.of()));
        }
    }

    @Test
    void runsThatWaitForTheStoreAreBounded() {
        TestLoggerFactory.clearAll();
        try (Mlops mlops = Mlops.using(memory)) {
            memory.faults().down();
            for (int i = 0; i < 1010; i++) {
                mlops.tracker().run("churn", run -> run.metric("loss", 1));
            }
            while (mlops.delivery().lost() < 10) {
                Thread.onSpinWait();
            }
            memory.faults().up();

            assertThat(mlops.flush(LONG)).isFalse();
            assertThat(mlops.flush(LONG)).isTrue();
            assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("too many runs wait", 10L));
            assertThat(mlops.tracker().search(RunQuery.of("churn"))).hasSize(1000);
            assertThat(warnings()).hasSize(2);
        }
    }

    @Test
    void whoeverWaitsForARunThatIsDroppedIsTold() throws Exception {
        try (Mlops mlops = Mlops.using(memory)) {
            memory.faults().down();
            for (int i = 0; i < 1000; i++) {
                mlops.tracker().run("churn", run -> run.metric("loss", 1));
            }
            Run last = mlops.tracker().start(RunSpec.of("churn"));
            CompletableFuture<Boolean> flushed = CompletableFuture.supplyAsync(() -> last.flush(Duration.ofDays(1)));
            last.metric("loss", 1);
            last.complete();

            assertThat(flushed.get(10, TimeUnit.SECONDS)).isFalse();
            assertThat(last.flush(LONG)).as("later, too").isFalse();
            memory.faults().up();
        }
    }

    @Test
    void flushStoresARunThatRecordedNothing() {
        try (Mlops mlops = Mlops.using(memory)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));

            assertThat(run.flush(LONG)).isTrue();

            assertThat(mlops.tracker().find(run.id())).isPresent();
        }
    }

    @Test
    void whatIsWrongIsToldOnceAndWithoutValues() {
        TestLoggerFactory.clearAll();
        MlopsConfig config =
                MlopsConfig.standard().buffers(2).waitWhenFull(Duration.ZERO).closeWithin(Duration.ofMillis(50));
        try (Mlops mlops = Mlops.using(memory, config)) {
            memory.faults().down();
            mlops.tracker().run("churn", run -> {
                run.param("password", "hunter2");
                for (int i = 0; i < 10_000; i++) {
                    run.metric("loss", i, i);
                }
            });
            assertThat(mlops.flush(Duration.ofMillis(200))).isFalse();
        }

        assertThat(warnings())
                .hasSize(3)
                .anyMatch(warning -> warning.contains("buffer full"))
                .anyMatch(warning -> warning.contains("tried again"))
                .anyMatch(warning -> warning.contains("closed"))
                .noneMatch(warning -> warning.contains("hunter2"));
    }

    @Test
    void aFullBufferWaitsAsLongAsConfigured() {
        try (Mlops mlops = Mlops.using(memory, MlopsConfig.standard().buffers(2).waitWhenFull(LONG))) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 100_000; i++) {
                    run.metric("loss", i, i);
                }
            });

            assertThat(mlops.delivery().lost()).isZero();
            assertThat(mlops.tracker().history(id, "loss").stream().count()).isEqualTo(100_000);
        }
    }

    @Test
    void aStoreThatIsSlowButWorksLosesNothing() {
        MlopsConfig config = MlopsConfig.standard().buffers(100).waitWhenFull(Duration.ofMillis(700));
        try (Mlops mlops = Mlops.using(memory, config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            assertThat(run.flush(LONG)).isTrue();
            memory.faults().slow(Duration.ofMillis(10));
            for (int i = 0; i < 200 * PointChunk.CAPACITY; i++) {
                run.metric("loss", i, i);
            }
            run.complete();

            assertThat(mlops.delivery().lost()).isZero();
        }
    }

    @Test
    void aRunCanBeReadAsSoonAsItIsStarted() {
        memory.faults().slow(Duration.ofMillis(30));
        try (Mlops mlops = Mlops.using(memory)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));

            assertThat(run.artifacts().list("")).isEmpty();
            assertThat(mlops.tracker().get(run.id()).status()).isEqualTo(RunStatus.RUNNING);
            assertThat(mlops.tracker()
                            .history(mlops.tracker().start(RunSpec.of("churn")).id(), "loss"))
                    .isEmpty();
        }
    }

    @Test
    void oneIdIsNotRecordedInTwoExperiments() {
        try (Mlops mlops = Mlops.using(memory)) {
            memory.faults().down();
            Run run = mlops.tracker().start(RunSpec.of("churn").id("job-1"));

            assertThatThrownBy(() -> mlops.tracker().start(RunSpec.of("other").id("job-1")))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("job-1", "churn", "other");
            memory.faults().up();
            run.complete();
        }
    }

    @Test
    void theNextStepFollowsTheGreatestOneAlsoBelowZero() {
        try (Mlops mlops = Mlops.using(memory)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            assertThat(run.nextStep("loss")).isZero();
            run.metric("loss", 1, -5);
            assertThat(run.nextStep("loss")).isEqualTo(-4);
            run.metric("loss", 1);
            run.metric("loss", 1, -9);
            assertThat(run.nextStep("loss")).isEqualTo(-3);
        }
    }

    @Test
    void anInterruptedCallerKeepsItsFlagAndLosesNothing() {
        try (Mlops mlops = Mlops.using(memory)) {
            RunId id;
            try {
                Thread.currentThread().interrupt();
                id = mlops.tracker().run("churn", run -> {
                    run.metric("loss", 1);
                    run.artifacts().putText("a", "b");
                });
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }

            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(1);
        }
    }

    @Test
    void anInterruptedFlushAnswersAtOnce() {
        Mlops mlops = Mlops.using(memory, MlopsConfig.standard().closeWithin(Duration.ofMillis(50)));
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        memory.faults().down();
        run.metric("loss", 1);
        try {
            Thread.currentThread().interrupt();
            assertThat(run.flush(Duration.ofDays(1))).isFalse();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        mlops.close();
    }

    @Test
    void aClockMayJump() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
        try (Mlops mlops = Mlops.using(memory, MlopsConfig.standard().clock(now::get))) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (Instant jump :
                        List.of(Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.parse("2025-11-21T12:00:00Z"))) {
                    run.metric("loss", 1);
                    now.set(jump);
                }
                run.metric("loss", 1);
            });

            assertThat(mlops.tracker().history(id, "loss").stream().mapToLong(MetricPoint::step))
                    .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
        }
    }
}
