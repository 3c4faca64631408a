package io.mlops.benchmarks;

import static java.util.Objects.requireNonNull;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Benchmarks of JMH, in a JVM of its own for each; its talk goes to files in the build folder. */
final class Jmh {
    private Jmh() {}

    static void metric(Setting setting) throws Exception {
        RunResult result = run(setting, MetricBenchmark.class, 1);
        setting.report().line("metric-jmh.average", result.getPrimaryResult().getScore(), "ns");
        // Of all threads, so that the delivery to the store is in it.
        double allocated = requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
        setting.report().line("metric-jmh.allocated-by-all-threads", allocated, "bytes/call");
    }

    static void handle(Setting setting) throws Exception {
        RunResult alone = run(setting, HandleBenchmark.class, 1);
        setting.report()
                .atMost(1000, "handle-call.1-thread", alone.getPrimaryResult().getScore(), "ns");
        RunResult both = run(setting, HandleBenchmark.class, 2);
        setting.report()
                .atMost(1000, "handle-call.2-threads", both.getPrimaryResult().getScore(), "ns");
    }

    private static RunResult run(Setting setting, Class<?> benchmark, int threads) throws Exception {
        String log = "jmh-" + benchmark.getSimpleName() + "-" + threads + ".log";
        TimeValue time = TimeValue.milliseconds(setting.times(1000, 100));
        return new Runner(new OptionsBuilder()
                        .include("^" + benchmark.getName() + "\\.")
                        .threads(threads)
                        .forks(1)
                        .warmupIterations(setting.times(3, 1))
                        .warmupTime(time)
                        .measurementIterations(setting.times(5, 1))
                        .measurementTime(time)
                        .jvmArgsAppend(Child.QUIET)
                        .addProfiler(GCProfiler.class)
                        .output(Setting.buildFolder().resolve(log).toString())
                        .build())
                .runSingle();
    }
}
