/**
 * The points of metrics, in event files that TensorBoard opens as they are: written by one writer each, read from any place
 * on whatever happened to them, summed up, and paged through by time.
 */
@NullMarked
package io.mlops.backends.fs.event;

import org.jspecify.annotations.NullMarked;
