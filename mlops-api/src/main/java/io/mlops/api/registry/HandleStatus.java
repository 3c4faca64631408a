package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The state of a handle.
 *
 * @param since when the version was loaded
 * @param inFlight calls and leases that use the model now
 */
public record HandleStatus(Health health, ModelVersion version, Instant since, long inFlight) {
    public HandleStatus {
        requireNonNull(health, "health");
        requireNonNull(version, "version");
        requireNonNull(since, "since");
    }

    /** The stages of a handle, from load to close. */
    public enum Health {
        /** The handle takes calls. */
        READY,
        /** The handle takes no more calls; some still run. */
        DRAINING,
        /** The model is closed. */
        CLOSED
    }
}
