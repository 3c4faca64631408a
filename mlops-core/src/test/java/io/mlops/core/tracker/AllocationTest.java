package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recording leaves no garbage, also where threads meet: a queueing lock would allocate a node for each meeting. */
final class AllocationTest {
    private static final int CALLS = 200_000;
    private static final Duration LONG = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMetricAllocatesNothing(int threads) throws Exception {
        MlopsConfig config = MlopsConfig.standard().buffers(2).waitWhenFull(LONG);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Mlops mlops = Mlops.using(new MemoryBackend(), config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<Long>> allocated = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                allocated.add(pool.submit(() -> {
                    record(run);
                    start.await();
                    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                    long before = memory.getThreadAllocatedBytes(
                            Thread.currentThread().getId());
                    record(run);
                    return memory.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                }));
            }
            for (Future<Long> bytes : allocated) {
                // A little is the measuring itself.
                assertThat(bytes.get() / (double) CALLS).isLessThan(0.05);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void record(Run run) {
        for (int i = 0; i < CALLS; i++) {
            run.metric("loss", i, i);
        }
    }
}
