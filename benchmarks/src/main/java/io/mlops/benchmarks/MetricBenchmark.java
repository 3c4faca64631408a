package io.mlops.benchmarks;

import io.mlops.api.tracker.Run;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Bursts of points that the buffers can hold, each followed by a flush that is not timed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MetricBenchmark {
    private static final int BURST = 100_000;

    private final TemporaryStore store = new TemporaryStore();
    private final Run run = store.startRun();

    /** One burst. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void metric() {
        TemporaryStore.record(run, BURST);
    }

    /** Empties the buffers. */
    @TearDown(Level.Invocation)
    public void flush() {
        TemporaryStore.flush(run);
    }

    /** Deletes the store. */
    @TearDown
    public void close() {
        run.complete();
        store.close();
    }
}
