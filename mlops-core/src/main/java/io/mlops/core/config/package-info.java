/** The settings of an {@code Mlops}: {@link io.mlops.core.config.MlopsConfig}, complete with defaults, and its parts. */
@NullMarked
package io.mlops.core.config;

import org.jspecify.annotations.NullMarked;
