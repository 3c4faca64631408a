package io.mlops.benchmarks;

import io.mlops.api.registry.ModelHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Measures what a handle adds to a call of a model. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandleBenchmark {
    private final TemporaryStore store = new TemporaryStore();
    private final ModelHandle<String> handle = load(store);

    /** A call of a model that does nothing. */
    @Benchmark
    public String call() {
        return handle.call(model -> model);
    }

    /** Deletes the store. */
    @TearDown
    public void close() {
        handle.close();
        store.close();
    }

    private static ModelHandle<String> load(TemporaryStore store) {
        store.registerChampion("tiny", new byte[10]);
        return store.mlops().serving().load("tiny@champion", files -> "model");
    }
}
