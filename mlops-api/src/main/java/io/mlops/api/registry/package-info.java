/**
 * The catalogue of models with their immutable versions and movable aliases, and the way of a version into a process.
 * Training code needs {@link io.mlops.api.registry.ModelRegistry}, a service
 * {@link io.mlops.api.registry.ModelServing}.
 */
@NullMarked
package io.mlops.api.registry;

import org.jspecify.annotations.NullMarked;
