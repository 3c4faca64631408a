/**
 * What a search knows of the runs of an experiment without reading each: packed records, a file that keeps them, and a log
 * by which whoever changes a run tells the others. Never the truth, and right all the same.
 */
@NullMarked
package io.mlops.backends.fs.index;

import org.jspecify.annotations.NullMarked;
