/** The one entry point: {@link io.mlops.core.Mlops}. */
@NullMarked
package io.mlops.core;

import org.jspecify.annotations.NullMarked;
