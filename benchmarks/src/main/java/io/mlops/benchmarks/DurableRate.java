package io.mlops.benchmarks;

import io.mlops.api.tracker.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Points per second from the first call to the end of the last flush, and what they take on disk. */
final class DurableRate {
    private static final int POINTS = 8_000_000;
    private static final int RUNS = 8;

    private DurableRate() {}

    static void measure(Setting setting) throws Exception {
        int points = setting.times(POINTS, POINTS / 16);
        int rounds = setting.times(5, 1);
        List<Double> single = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        List<Double> slowest = new ArrayList<>();
        double lost = 0;
        // The first round warms up.
        for (int round = 0; round <= rounds; round++) {
            try (TemporaryStore store = new TemporaryStore()) {
                single.add(round, points / oneRun(store, points));
                lost += store.lost();
            }
            try (TemporaryStore store = new TemporaryStore()) {
                List<Double> seconds = runsTogether(store, points / RUNS);
                double last =
                        seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
                double meanRate =
                        seconds.stream().mapToDouble(each -> 1 / each).average().orElseThrow();
                together.add(round, points / last);
                slowest.add(round, 1 / last / meanRate);
                lost += store.lost();
            }
        }
        Report report = setting.report();
        report.atLeast(4e6, "durable.1-run", median(single), "points/s");
        report.line("durable.8-runs", median(together), "points/s");
        report.atLeast(0.7, "durable.8-runs.to-1-run", median(together) / median(single), "ratio");
        report.atLeast(0.5, "durable.8-runs.slowest-to-mean", median(slowest), "ratio");
        report.atMost(0, "durable.dropped", lost, "points");
    }

    static void bytes(Setting setting) throws Exception {
        int points = setting.times(200_000, 20_000);
        Report report = setting.report();
        try (TemporaryStore store = new TemporaryStore()) {
            Run run = store.startRun();
            for (int i = 0; i < points; i++) {
                run.metric("loss", i * 0.1, i);
            }
            run.complete();
            report.atMost(
                    50 + "loss".length(),
                    "event-bytes.single-values",
                    (double) store.eventBytes() / points,
                    "bytes/point");
        }
        try (TemporaryStore store = new TemporaryStore()) {
            Run run = store.startRun();
            TemporaryStore.record(run, points);
            run.complete();
            report.atMost(40, "event-bytes.four-together", (double) store.eventBytes() / points, "bytes/point");
        }
    }

    private static double oneRun(TemporaryStore store, int points) {
        Run run = store.startRun();
        long begin = System.nanoTime();
        TemporaryStore.record(run, points);
        TemporaryStore.flush(run);
        double seconds = (System.nanoTime() - begin) / 1e9;
        run.complete();
        return seconds;
    }

    /** Every run in a thread of its own; the seconds that each took from the common start. */
    private static List<Double> runsTogether(TemporaryStore store, int points) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RUNS);
        try {
            List<Callable<Double>> tasks = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                Run run = store.startRun();
                tasks.add(() -> {
                    TemporaryStore.record(run, points);
                    TemporaryStore.flush(run);
                    return System.nanoTime() / 1e9;
                });
            }
            double begin = System.nanoTime() / 1e9;
            List<Double> seconds = new ArrayList<>();
            for (Future<Double> end : threads.invokeAll(tasks)) {
                seconds.add(end.get() - begin);
            }
            return seconds;
        } finally {
            threads.shutdown();
        }
    }

    private static double median(List<Double> rounds) {
        List<Double> counted =
                rounds.subList(1, rounds.size()).stream().sorted().toList();
        return counted.get(counted.size() / 2);
    }
}
