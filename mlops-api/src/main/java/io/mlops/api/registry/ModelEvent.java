package io.mlops.api.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change that happened.
 *
 * @param before the version that a moved alias pointed to; null if nowhere, and for other changes
 * @param by who did it
 */
public record ModelEvent(
        String model, ModelChange change, @Nullable Integer before, String by, Instant at) {}
