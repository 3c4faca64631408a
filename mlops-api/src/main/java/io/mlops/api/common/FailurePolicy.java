package io.mlops.api.common;

/** What becomes of a recording call when the store cannot take it. */
public enum FailurePolicy {
    /** It throws, at the latest when the run ends. */
    FAIL,
    /** It goes on: what cannot be kept in the bounded memory until the store is back is lost, counted, warned of once. */
    DROP
}
