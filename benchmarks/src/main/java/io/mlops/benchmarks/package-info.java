/**
 * Measures what the library promises to cost, on this machine and against what a user would otherwise do. Start with
 * {@link io.mlops.benchmarks.Benchmarks}.
 */
@NullMarked
package io.mlops.benchmarks;

import org.jspecify.annotations.NullMarked;
