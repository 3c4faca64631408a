/**
 * The points of metrics, in event files that TensorBoard opens as they are: each file written by one writer, read past
 * any damage, summed up, and paged through by time.
 */
@NullMarked
package io.mlops.backends.fs.event;

import org.jspecify.annotations.NullMarked;
