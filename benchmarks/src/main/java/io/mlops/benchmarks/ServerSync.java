package io.mlops.benchmarks;

import io.mlops.api.common.Progress;
import io.mlops.api.common.SyncReport;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.core.Mlops;
import java.nio.file.Path;

/** A file store brought to MLflow's server: one long run beside prepared batches, and many small ones, twice. */
final class ServerSync {
    private static final int PARTS = 20;

    private ServerSync() {}

    static void measure(Setting setting, String uri, Path folder) throws Exception {
        try (HttpBackend server = HttpBackend.at(uri, HttpSettings.standard())) {
            longRun(setting, uri, server);
            smallRuns(setting, server);
        }
    }

    private static void longRun(Setting setting, String uri, HttpBackend server) throws Exception {
        int points = setting.times(100_000, 3000);
        int rounds = setting.times(5, 1);
        Durations ours = new Durations(rounds + 1);
        Durations prepared = new Durations(rounds + 1);
        for (int round = -1; round < rounds; round++) {
            if (round == 0) {
                ours.clear();
                prepared.clear();
            }
            try (TemporaryStore store = new TemporaryStore()) {
                var run = store.startRun();
                TemporaryStore.record(run, points);
                run.complete();
                ours.add(sync(store.mlops(), server, points));
            }
            PreparedBatches batches = new PreparedBatches(uri, points);
            long begin = System.nanoTime();
            batches.post();
            prepared.add(System.nanoTime() - begin);
        }
        setting.report().line("http.sync.points.rate", points * 1e9 / ours.nanos(50), "points/s");
        setting.report()
                .atLeast(0.9, "http.sync.points.to-prepared-batches", prepared.nanos(50) / ours.nanos(50), "ratio");
    }

    private static void smallRuns(Setting setting, HttpBackend server) {
        int runs = setting.times(1000, 10);
        try (TemporaryStore store = new TemporaryStore()) {
            Workload work = new Workload(0, runs, 10, 5, 0, 0, 0);
            Durations unused = new OurTracking(store.mlops()).smallRuns("small", work);
            double first = sync(store.mlops(), server, 5L * runs);
            double again = sync(store.mlops(), server, 0);
            setting.report().line("http.sync.small-runs.each", first / runs / 1e6, "ms");
            setting.report().atMost(1.0 / PARTS, "http.sync.small-runs.again-to-first", again / first, "ratio");
        }
    }

    private static long sync(Mlops from, HttpBackend to, long points) {
        long begin = System.nanoTime();
        SyncReport report = from.sync(to, Progress.none());
        long nanos = System.nanoTime() - begin;
        if (report.points() != points || !report.conflicts().isEmpty()) {
            throw new IllegalStateException(points + " points were to be copied: " + report);
        }
        return nanos;
    }
}
