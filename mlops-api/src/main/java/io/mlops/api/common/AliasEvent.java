package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A move of an alias that happened.
 *
 * @param move what was asked for; one read back from a history has no guard
 * @param before the number of the version that the alias pointed to; null if it pointed nowhere
 * @param by who moved it
 */
public record AliasEvent(AliasMove move, @Nullable Integer before, String by, Instant at) {
    public AliasEvent {
        requireNonNull(move, "move");
        requireNonNull(by, "by");
        at = Times.storable(requireNonNull(at, "at"));
    }
}
