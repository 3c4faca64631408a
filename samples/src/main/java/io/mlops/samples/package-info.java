/**
 * Programs to learn from. Begin with {@link io.mlops.samples.FirstRun}; {@link io.mlops.samples.QuickStart} is the whole
 * way from rows to a served prediction. They use nothing but the public API.
 */
@NullMarked
package io.mlops.samples;

import org.jspecify.annotations.NullMarked;
