/**
 * Brings what one backend keeps to another: a run that is still being recorded, or a whole store. Knows backends by their
 * stores only, so that it works between any two.
 */
@NullMarked
package io.mlops.core.sync;

import org.jspecify.annotations.NullMarked;
