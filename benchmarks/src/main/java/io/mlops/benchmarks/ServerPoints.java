package io.mlops.benchmarks;

import io.mlops.api.common.FailurePolicy;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Points recorded one by one until MLflow's server has them, against connections that post prepared batches. */
final class ServerPoints {
    private final Setting setting;
    private final String uri;

    private ServerPoints(Setting setting, String uri) {
        this.setting = setting;
        this.uri = uri;
    }

    static void measure(Setting setting, String uri, Path folder) throws Exception {
        ServerPoints measured = new ServerPoints(setting, uri);
        try (HttpBackend backend = HttpBackend.at(uri, HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, MlopsConfig.standard().failures(FailurePolicy.DROP))) {
            measured.rates("http.points", mlops, 1, setting.times(50_000, 2000));
            measured.rates("http.points.four-runs", mlops, 4, setting.times(20_000, 1000));
        }
    }

    /** Both in turn, since a server gets slower with its table; the first round warms up. */
    private void rates(String name, Mlops mlops, int runs, int points) throws Exception {
        int rounds = setting.times(5, 1);
        Durations ours = new Durations(rounds + 1);
        Durations prepared = new Durations(rounds + 1);
        for (int round = -1; round < rounds; round++) {
            if (round == 0) {
                ours.clear();
                prepared.clear();
            }
            ours.add(ours(mlops, runs, points));
            prepared.add(prepared(runs, points));
        }
        double all = (double) runs * points;
        setting.report().line(name + ".rate", all * 1e9 / ours.nanos(50), "points/s");
        setting.report().line(name + ".prepared-batches.rate", all * 1e9 / prepared.nanos(50), "points/s");
        setting.report().atLeast(0.95, name + ".to-prepared-batches", prepared.nanos(50) / ours.nanos(50), "ratio");
        setting.report().atMost(0, name + ".dropped", (double) mlops.delivery().lost(), "points");
    }

    private static long ours(Mlops mlops, int runs, int points) throws Exception {
        List<Run> open = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            Run run = mlops.tracker().start(RunSpec.of("benchmark"));
            run.metric("first", 1);
            TemporaryStore.flush(run);
            open.add(run);
        }
        long nanos = together(open.stream()
                .<Runnable>map(run -> () -> {
                    TemporaryStore.record(run, points);
                    TemporaryStore.flush(run);
                })
                .toList());
        open.forEach(Run::complete);
        return nanos;
    }

    private long prepared(int runs, int points) throws Exception {
        List<Runnable> posts = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            PreparedBatches batches = new PreparedBatches(uri, points);
            posts.add(batches::post);
        }
        return together(posts);
    }

    private static long together(List<Runnable> tasks) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
        try {
            long begin = System.nanoTime();
            List<CompletableFuture<Void>> all = tasks.stream()
                    .map(task -> CompletableFuture.runAsync(task, pool))
                    .toList();
            for (CompletableFuture<Void> one : all) {
                one.get();
            }
            return System.nanoTime() - begin;
        } finally {
            pool.shutdown();
        }
    }
}
