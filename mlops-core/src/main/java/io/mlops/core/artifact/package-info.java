/** Artifacts of runs and model versions over any backend: reads that are verified, files that are what they say. */
@NullMarked
package io.mlops.core.artifact;

import org.jspecify.annotations.NullMarked;
