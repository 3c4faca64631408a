package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.tracker.Purged;

/**
 * One step of a purge.
 *
 * @param removed what this step removed
 * @param left how many runs and experiments are left to be removed, so that one calls again until that is 0
 */
public record PurgeStep(Purged removed, long left) {
    public PurgeStep {
        requireNonNull(removed, "removed");
    }
}
