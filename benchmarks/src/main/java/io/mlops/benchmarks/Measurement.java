package io.mlops.benchmarks;

/** A group of figures that are measured together. */
@FunctionalInterface
interface Measurement {
    /** Measures and prints. */
    void measure(Setting setting) throws Exception;
}
