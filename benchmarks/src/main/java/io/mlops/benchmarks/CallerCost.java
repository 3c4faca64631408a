package io.mlops.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a recording call costs the threads that make it. Every call is timed by two looks at the clock, whose own cost is
 * in the figures.
 *
 * @param durations of all calls of all threads
 * @param bytesPerCall what those threads allocated
 * @param callsPerSecond of all threads together
 */
record CallerCost(Durations durations, double bytesPerCall, double callsPerSecond) {
    /** The call that is measured. */
    @FunctionalInterface
    interface Call {
        void metric(String key, double value, long step);
    }

    /**
     * Who calls how often.
     *
     * @param callsPerSecond of each thread; 0 for as fast as it can
     * @param warmUp calls of each thread that do not count, as fast as it can: buffers grow to what they ever take
     * @param calls of each thread that count
     */
    record Load(String name, int threads, int callsPerSecond, int warmUp, int calls) {
        /** Paced for so many seconds, after some to warm up. */
        static Load paced(String name, int threads, int callsPerSecond, int seconds) {
            int warmUp = Math.max(1, seconds / 3);
            return new Load(name, threads, callsPerSecond, warmUp * callsPerSecond, seconds * callsPerSecond);
        }
    }

    private record Part(Durations durations, long bytes, long nanos) {}

    static CallerCost of(Call call, Load load) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(load.threads());
        try {
            CyclicBarrier start = new CyclicBarrier(load.threads());
            List<Future<Part>> running = new ArrayList<>();
            for (int i = 0; i < load.threads(); i++) {
                running.add(threads.submit(() -> measure(call, load, start)));
            }
            List<Part> parts = new ArrayList<>();
            for (Future<Part> part : running) {
                parts.add(part.get());
            }
            double calls = (double) load.calls() * load.threads();
            long nanos = parts.stream().mapToLong(Part::nanos).max().orElseThrow();
            return new CallerCost(
                    Durations.all(parts.stream().map(Part::durations).toList()),
                    parts.stream().mapToLong(Part::bytes).sum() / calls,
                    calls * 1e9 / nanos);
        } finally {
            threads.shutdown();
        }
    }

    /** Prints what has no budget. */
    void print(Report report, String name) {
        report.line(name + ".p99.9", durations.nanos(99.9), "ns");
        report.line(name + ".longest", durations.nanos(100) / 1e6, "ms");
        report.line(name + ".rate", callsPerSecond, "calls/s");
    }

    private static Part measure(Call call, Load load, CyclicBarrier start) throws Exception {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Durations durations = new Durations(Math.max(load.warmUp(), load.calls()));
        int unused = start.await();
        call(call, 0, 0, load.warmUp(), durations);
        durations.clear();
        unused = start.await();
        long bytes = memory.getThreadAllocatedBytes(thread);
        long begin = System.nanoTime();
        call(call, load.callsPerSecond(), load.warmUp(), load.calls(), durations);
        long nanos = System.nanoTime() - begin;
        return new Part(durations, memory.getThreadAllocatedBytes(thread) - bytes, nanos);
    }

    private static void call(Call call, int callsPerSecond, int first, int calls, Durations durations) {
        long apart = callsPerSecond == 0 ? 0 : 1_000_000_000L / callsPerSecond;
        long next = System.nanoTime();
        for (int i = first; i < first + calls; i++) {
            long begin = System.nanoTime();
            while (begin - next < 0) {
                Thread.onSpinWait();
                begin = System.nanoTime();
            }
            next += apart;
            call.metric(TemporaryStore.KEYS.get(i & 3), i * 0.1, i >> 2);
            durations.add(System.nanoTime() - begin);
        }
    }
}
