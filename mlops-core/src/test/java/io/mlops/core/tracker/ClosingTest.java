package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RelativePath;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of what was recorded when all is closed. */
final class ClosingTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final MemoryBackend memory = new MemoryBackend();

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("mlops-"))
                .count();
    }

    @Test
    void whatCannotBeDeliveredIsCountedWhenAllIsClosed() {
        Mlops mlops = Mlops.using(memory, MlopsConfig.standard().closeWithin(Duration.ofMillis(50)));
        memory.faults().down();
        mlops.tracker().run("churn", run -> run.metric("loss", 1));

        mlops.close();

        assertThat(mlops.delivery()).isEqualTo(new Delivery(1, 0, 0, 0, Map.of("closed", 1L)));
    }

    @Test
    void closingEndsOpenRunsAndLeavesNoThread() {
        long before = threads();
        Mlops mlops = Mlops.using(memory);
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        run.metric("loss", 1);
        assertThat(threads()).isEqualTo(before + 1);

        mlops.close();
        mlops.close();

        assertThat(threads()).isEqualTo(before);
        assertThat(memory.runs().find(run.id()).orElseThrow().outcome())
                .isEqualTo(new RunOutcome.Killed("its Mlops was closed before it ended"));
        assertThat(memory.runs().find(run.id()).orElseThrow().metric("loss")).isEqualTo(1);
        run.metric("loss", 2);
        run.complete();
        assertThat(run.flush(LONG)).isFalse();
        assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("closed", 1L));
        assertThatThrownBy(() -> mlops.tracker().start(RunSpec.of("churn"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRunOfWhichEverythingIsStoredIsEndedToo() {
        Mlops mlops = Mlops.using(memory);
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        run.metric("loss", 1);
        assertThat(run.flush(LONG)).isTrue();

        mlops.close();

        assertThat(memory.runs().find(run.id()).orElseThrow().outcome())
                .isEqualTo(new RunOutcome.Killed("its Mlops was closed before it ended"));
    }

    @Test
    void closingTwiceAtOnceLosesNothing() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            Mlops mlops = Mlops.inMemory();
            mlops.tracker().start(RunSpec.of("churn")).metric("loss", 1);
            for (int i = 0; i < 2000; i++) {
                mlops.tracker().start(RunSpec.of("churn").id("job-" + i % 3)).metric("loss", i);
            }
            Thread other = new Thread(mlops::close);
            other.start();
            mlops.close();
            other.join();

            assertThat(mlops.delivery()).isEqualTo(new Delivery(2001, 2001, 2001, 0, Map.of()));
        }
    }

    @Test
    void theThreadIsADaemon() {
        try (Mlops mlops = Mlops.using(memory)) {
            Run unused = mlops.tracker().start(RunSpec.of("churn"));

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("mlops-"))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
        }
    }

    @Test
    void aHangingStoreHoldsNobodyBeyondTheDeadline() {
        Mlops mlops = Mlops.using(memory, MlopsConfig.standard().closeWithin(Duration.ofMillis(100)));
        memory.faults().slow(Duration.ofHours(1));
        mlops.tracker().run("churn", run -> {
            run.metric("loss", 1);
            assertThat(run.flush(Duration.ofMillis(10))).isFalse();
        });

        mlops.close();

        assertThat(mlops.delivery().lost()).isEqualTo(1);
    }

    @Test
    void aBackendThatIsClosedFirstCostsNothingButWhatWasPending() {
        Mlops mlops = Mlops.using(memory);
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        assertThat(run.flush(LONG)).isTrue();
        memory.close();
        run.metric("loss", 1);

        mlops.close();

        assertThat(mlops.delivery().lost()).isEqualTo(1);
    }

    @Test
    void closingWaitsForAnArtifactThatIsBeingPut() throws Exception {
        Mlops mlops = Mlops.using(memory);
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        CountDownLatch reading = new CountDownLatch(1);
        Thread putting = new Thread(() -> run.artifacts().put("report.txt", new Content() {
            @Override
            public long bytes() {
                return 1;
            }

            @Override
            public InputStream open() {
                reading.countDown();
                while (!isClosing(mlops)) {
                    Thread.onSpinWait();
                }
                return new ByteArrayInputStream(new byte[] {1});
            }
        }));
        putting.start();
        reading.await();

        mlops.close();

        assertThat(memory.artifacts().find(run.id(), RelativePath.of("report.txt")))
                .isPresent();
        assertThatThrownBy(() -> run.artifacts().put("late.txt", Content.of(new byte[] {1})))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("this Mlops is closed");
        putting.join();
    }

    @Test
    void anArtifactThatHangsHoldsNobodyButItsCaller() throws Exception {
        TroubledBackend backend = new TroubledBackend();
        Mlops mlops = Mlops.using(backend, MlopsConfig.standard().closeWithin(Duration.ofMillis(300)));
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        CountDownLatch putting = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        backend.troublePuts(() -> {
            putting.countDown();
            awaitUninterruptibly(never);
        });
        CompletableFuture<ArtifactEntry> put =
                CompletableFuture.supplyAsync(() -> run.artifacts().putText("notes.txt", "hello"));
        putting.await();

        run.metric("loss", 1);
        assertThat(run.flush(LONG)).isTrue();
        run.complete();
        assertThat(closing(mlops)).isLessThan(LONG);

        assertThat(mlops.delivery()).isEqualTo(new Delivery(1, 1, 1, 0, Map.of()));
        assertThat(put).isNotDone();
        never.countDown();
        assertThat(put.handle((entry, failure) -> "over")).succeedsWithin(LONG);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isClosing(Mlops mlops) {
        try {
            Run unused = mlops.tracker().start(RunSpec.of("churn").id("late"));
            return false;
        } catch (IllegalStateException closing) {
            return true;
        }
    }

    private static Duration closing(Mlops mlops) {
        long began = System.nanoTime();
        mlops.close();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void underFailClosingDoesNotWaitForWhatWasThrown() {
        MlopsConfig config = MlopsConfig.standard().failures(FailurePolicy.FAIL).closeWithin(Duration.ofMinutes(1));
        Mlops mlops = Mlops.using(memory, config);
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        assertThat(run.flush(LONG)).isTrue();
        memory.faults().down();
        run.metric("loss", 1);
        assertThatThrownBy(run::complete).isInstanceOf(BackendUnavailableException.class);

        assertThat(closing(mlops)).isLessThan(Duration.ofSeconds(20));
        assertThat(mlops.delivery()).isEqualTo(new Delivery(1, 0, 0, 0, Map.of("closed", 1L)));
    }

    @Test
    void underFailClosingDoesNotWaitOnceMoreForAStoreThatHangs() {
        MlopsConfig config = MlopsConfig.standard().failures(FailurePolicy.FAIL).closeWithin(Duration.ofSeconds(5));
        Mlops mlops = Mlops.using(memory, config);
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        assertThat(run.flush(LONG)).isTrue();
        memory.faults().slow(Duration.ofHours(1));
        run.metric("loss", 1);
        assertThatThrownBy(run::complete).isInstanceOf(BackendUnavailableException.class);

        assertThat(closing(mlops)).isLessThan(Duration.ofSeconds(4));
        assertThat(mlops.delivery().lost()).isEqualTo(1);
    }

    @Test
    void underFailClosingTriesOnceMore() {
        Mlops mlops = Mlops.using(memory, MlopsConfig.standard().failures(FailurePolicy.FAIL));
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        assertThat(run.flush(LONG)).isTrue();
        memory.faults().down();
        run.metric("loss", 1);
        assertThatThrownBy(run::complete).isInstanceOf(BackendUnavailableException.class);
        memory.faults().up();

        mlops.close();

        assertThat(mlops.delivery()).isEqualTo(new Delivery(1, 1, 1, 0, Map.of()));
    }

    @Test
    void whatNobodyWasToldOfIsWaitedFor() {
        Mlops mlops = Mlops.using(memory, MlopsConfig.standard().failures(FailurePolicy.FAIL));
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        run.metric("loss", 1);
        memory.faults().failNext(3);

        mlops.close();

        assertThat(mlops.delivery()).isEqualTo(new Delivery(1, 1, 1, 0, Map.of()));
    }

    @Test
    void aStoreThatHangsInEveryCallKeepsNoThread() {
        long before = threads();
        Mlops mlops = Mlops.using(memory, MlopsConfig.standard().closeWithin(Duration.ofMillis(100)));
        for (int i = 0; i < 5; i++) {
            mlops.tracker().start(RunSpec.of("churn")).metric("loss", 1);
        }
        assertThat(mlops.flush(LONG)).isTrue();
        memory.faults().slow(Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            mlops.tracker().start(RunSpec.of("churn")).metric("loss", 1);
        }

        mlops.close();

        assertThat(threads()).isEqualTo(before);
        assertThat(mlops.delivery()).isEqualTo(new Delivery(10, 5, 5, 0, Map.of("closed", 5L)));
    }
}
