/**
 * Artifacts of runs and model versions over any backend: verified reads, checked local files, and the progress of both.
 */
@NullMarked
package io.mlops.core.artifact;

import org.jspecify.annotations.NullMarked;
