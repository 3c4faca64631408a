package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change that happened.
 *
 * @param before the version that a moved alias pointed to; null if nowhere, and for other changes
 * @param by who did it
 */
public record ModelEvent(
        String model, ModelChange change, @Nullable Integer before, String by, Instant at) {
    public ModelEvent {
        requireNonNull(model, "model");
        requireNonNull(change, "change");
        requireNonNull(by, "by");
        at = Times.storable(requireNonNull(at, "at"));
    }
}
