package io.mlops.benchmarks;

import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.benchmarks.CallerCost.Load;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;

/** The longest call of {@code run.metric} while the store is slower than the caller, and while it hangs. */
final class LaggingStore {
    private static final Duration WAIT = Duration.ofMillis(250);
    /** A thread that is woken in time does not run at once. */
    private static final double WAKING_MILLIS = 10;

    private LaggingStore() {}

    static void measure(Setting setting) throws Exception {
        int calls = setting.times(2_000_000, 400_000);
        measure(setting.report(), "metric.lagging-store", Duration.ofMillis(20), calls);
        measure(setting.report(), "metric.hanging-store", Duration.ofSeconds(2), calls);
    }

    /** As fast as the caller can, into a store that takes so long for every call. */
    private static void measure(Report report, String name, Duration storeTakes, int calls) throws Exception {
        MlopsConfig config = MlopsConfig.standard().waitWhenFull(WAIT);
        try (MemoryBackend backend = new MemoryBackend();
                Mlops mlops = Mlops.using(backend, config)) {
            Run run = mlops.tracker().start(RunSpec.of("benchmark"));
            TemporaryStore.flush(run);
            backend.faults().slow(storeTakes);
            CallerCost cost = CallerCost.of(run::metric, new Load(name, 1, 0, 1, calls));
            backend.faults().up();
            run.complete();
            report.line(name + ".wait", (double) WAIT.toMillis(), "ms");
            report.atMost(
                    WAIT.toMillis() + WAKING_MILLIS,
                    name + ".longest",
                    cost.durations().millis(100),
                    "ms");
            report.line(name + ".dropped", (double) mlops.delivery().lost(), "points");
        }
    }
}
