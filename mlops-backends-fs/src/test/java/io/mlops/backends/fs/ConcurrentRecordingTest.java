package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads that record into one run in a tight loop, while others flush it: what was taken is there, once. */
final class ConcurrentRecordingTest {
    private static final int POINTS = 100_000;

    @TempDir
    private Path folder;

    private Backend backend(String kind) {
        return kind.equals("memory") ? new MemoryBackend() : FsBackend.at(folder.resolve("store"));
    }

    /** Records numbered points; returns which of them were taken. */
    private static BitSet record(Run run, String key, int points) {
        BitSet taken = new BitSet(points);
        for (int i = 0; i < points; i++) {
            try {
                run.metric(key, i, i);
                taken.set(i);
            } catch (BackendUnavailableException full) {
                assertThat(full).hasMessageContaining("buffers");
            }
        }
        return taken;
    }

    private static void flush(Run run) {
        try {
            assertThat(run.flush(Duration.ofMillis(1))).isIn(true, false);
        } catch (BackendUnavailableException late) {
            // Under FAIL that is how it says that a millisecond was too short.
            assertThat(late).hasMessageContaining(run.id().value());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "files, 2, DROP",
        "files, 8, DROP",
        "files, 2, FAIL",
        "files, 8, FAIL",
        "memory, 2, FAIL",
        "memory, 8, DROP"
    })
    void whatWasTakenIsReadBack(String kind, int threads, FailurePolicy policy) throws Exception {
        // Under DROP everybody waits for room, so that all are taken; under FAIL nobody does, and many are refused.
        MlopsConfig config = MlopsConfig.standard()
                .buffers(2)
                .failures(policy)
                .flushEvery(Duration.ofMillis(1))
                .waitWhenFull(policy == FailurePolicy.FAIL ? Duration.ZERO : Duration.ofMinutes(5))
                .closeWithin(Duration.ofMinutes(5));
        ExecutorService pool = Executors.newCachedThreadPool();
        try (Backend backend = backend(kind);
                Mlops mlops = Mlops.using(backend, config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Void> checking = CompletableFuture.runAsync(
                    () -> {
                        while (!done.get()) {
                            // The constructor of Delivery refuses an account that does not add up.
                            assertThat(mlops.delivery().accepted()).isBetween(0L, (long) threads * POINTS);
                            flush(run);
                        }
                    },
                    pool);
            List<CompletableFuture<BitSet>> recording = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String key = "key-" + t;
                recording.add(CompletableFuture.supplyAsync(() -> record(run, key, POINTS / threads), pool));
            }
            List<BitSet> taken = recording.stream().map(CompletableFuture::join).toList();
            done.set(true);
            checking.get();
            run.complete();

            assertSame(mlops, run.id(), taken);
            long accepted = taken.stream().mapToLong(BitSet::cardinality).sum();
            assertThat(mlops.delivery()).isEqualTo(new Delivery(accepted, accepted, accepted, 0, Map.of()));
        } finally {
            pool.shutdownNow();
        }
    }

    private static void assertSame(Mlops mlops, RunId id, List<BitSet> taken) {
        for (int t = 0; t < taken.size(); t++) {
            BitSet found = new BitSet();
            if (taken.get(t).isEmpty()) {
                // Under FAIL a thread may find both buffers full at each of its points: then the run has no such
                // metric.
                continue;
            }
            mlops.tracker().history(id, "key-" + t).stream().forEach(point -> {
                assertThat(found.get((int) point.step())).isFalse();
                assertThat(point.value()).isEqualTo((double) point.step());
                found.set((int) point.step());
            });
            assertThat(found).isEqualTo(taken.get(t));
        }
    }
}
