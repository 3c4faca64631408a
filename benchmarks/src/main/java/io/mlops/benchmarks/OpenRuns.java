package io.mlops.benchmarks;

import io.mlops.api.tracker.Run;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Measures the heap that each of many open runs holds, before anything was recorded and amid recording. */
final class OpenRuns {
    private static final int RUNS = 1000;
    private static final int STEPS = 100;

    private OpenRuns() {}

    static void measure(Setting setting) {
        int count = setting.times(RUNS, 50);
        try (TemporaryStore store = new TemporaryStore()) {
            // So that the store and its sender have what they need anyway.
            store.startRun().complete();
            long before = heap();
            List<Run> runs = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                runs.add(store.startRun());
            }
            double idle = (double) (heap() - before) / count;
            record(runs);
            double flushed = (double) (heap() - before) / count;
            runs.forEach(Run::complete);
            Report report = setting.report();
            report.atMost(64, "open-run.idle", idle / 1e3, "kB");
            report.atMost(64, "open-run.recording", flushed / 1e3, "kB");
            report.atMost(0, "open-run.dropped", store.lost(), "points");
        }
    }

    /** Ten params and four metrics each, in turn. */
    private static void record(List<Run> runs) {
        for (Run run : runs) {
            for (int i = 0; i < 10; i++) {
                run.param("param" + i, i);
            }
        }
        for (int step = 0; step < STEPS; step++) {
            for (Run run : runs) {
                for (String key : TemporaryStore.KEYS) {
                    run.metric(key, step * 0.1, step);
                }
            }
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
