/**
 * An index of the runs of an experiment, so that a search need not read each: packed records, a file of them, and a log
 * in which processes announce changes. A cache: the truth is in {@code run.json} alone.
 */
@NullMarked
package io.mlops.backends.fs.index;

import org.jspecify.annotations.NullMarked;
