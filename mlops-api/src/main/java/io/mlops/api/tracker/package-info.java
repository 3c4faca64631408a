/**
 * Recording training runs and reading them back. Training code needs two of these types: {@link
 * io.mlops.api.tracker.Tracker} and {@link io.mlops.api.tracker.Run}.
 */
@NullMarked
package io.mlops.api.tracker;

import org.jspecify.annotations.NullMarked;
