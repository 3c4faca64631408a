package io.mlops.benchmarks;

import io.mlops.api.tracker.Run;
import io.mlops.benchmarks.CallerCost.Load;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** {@code run.metric} on the caller's thread while the points go to disk, and the same with what people write themselves. */
final class MetricCost {
    private MetricCost() {}

    /** Measures the clock itself, in the very loop that measures the rest. */
    static void clock(Setting setting) throws Exception {
        Load load = new Load("clock", 1, 0, 1_000_000, 1_000_000);
        CallerCost cost = CallerCost.of((key, value, step) -> {}, load);
        setting.report().line("clock.pair.p50", cost.durations().nanos(50), "ns");
        setting.report().line("clock.pair.p99", cost.durations().nanos(99), "ns");
    }

    static void ours(Setting setting) throws Exception {
        int seconds = setting.times(12, 1);
        metric(setting, Load.paced("metric.1-thread-paced", 1, 1_000_000, seconds), 120, 1000);
        metric(setting, Load.paced("metric.2-threads-paced", 2, 500_000, seconds), Double.NaN, 2000);
        int calls = setting.times(8_000_000, 500_000);
        metric(setting, new Load("metric.1-thread-tight", 1, 0, calls, calls), Double.NaN, Double.NaN);
    }

    private static void metric(Setting setting, Load load, double p50Budget, double p99Budget) throws Exception {
        try (TemporaryStore store = new TemporaryStore()) {
            Run run = store.startRun();
            CallerCost cost = CallerCost.of(run::metric, load);
            run.complete();
            Report report = setting.report();
            report.atMost(p50Budget, load.name() + ".p50", cost.durations().nanos(50), "ns");
            report.atMost(p99Budget, load.name() + ".p99", cost.durations().nanos(99), "ns");
            cost.print(report, load.name());
            report.atMost(0.01, load.name() + ".allocated", cost.bytesPerCall(), "bytes/call");
            report.atMost(0, load.name() + ".dropped", store.lost(), "points");
        }
    }

    /** A line of text per point, behind a lock: neither durable nor readable while it is written. */
    static void csv(Setting setting) throws Exception {
        int seconds = setting.times(4, 1);
        csv(setting, Load.paced("csv.1-thread-paced", 1, 1_000_000, seconds));
        csv(setting, Load.paced("csv.2-threads-paced", 2, 500_000, seconds));
    }

    private static void csv(Setting setting, Load load) throws Exception {
        var folder = Setting.newFolder();
        Object lock = new Object();
        try (BufferedWriter file = Files.newBufferedWriter(folder.resolve("metrics.csv"))) {
            CallerCost cost = CallerCost.of(
                    (key, value, step) -> {
                        synchronized (lock) {
                            append(file, key + ',' + step + ',' + System.currentTimeMillis() + ',' + value + '\n');
                        }
                    },
                    load);
            Report report = setting.report();
            report.line(load.name() + ".p50", cost.durations().nanos(50), "ns");
            report.line(load.name() + ".p99", cost.durations().nanos(99), "ns");
            cost.print(report, load.name());
            report.line(load.name() + ".allocated", cost.bytesPerCall(), "bytes/call");
        } finally {
            Setting.delete(folder);
        }
    }

    private static void append(BufferedWriter file, String line) {
        try {
            file.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
