package io.mlops.api.common;

/** The choice between failing and going on when the store cannot take what is recorded. */
public enum FailurePolicy {
    /** Recording throws, at the latest when the run ends. */
    FAIL,
    /**
     * Recording goes on: what cannot be kept in the bounded memory until the store is back is dropped, counted, warned
     * of once.
     */
    DROP,
    /**
     * Recording goes on: everything is stored in a folder of this machine first, and brought to the store from there, when
     * that can be reached. The standard for stores that lie across a network.
     */
    SPOOL
}
