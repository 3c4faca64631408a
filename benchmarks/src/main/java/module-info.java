/** Measures the library; run as a jar, never a dependency. */
@SuppressWarnings("requires-automatic") // JMH has no module descriptor
module io.mlops.benchmarks {
    requires io.mlops.api;
    requires io.mlops.backends.fs;
    requires io.mlops.core;
    requires jdk.management;
    requires jmh.core;
    requires static org.jspecify;
}
