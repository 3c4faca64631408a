package io.mlops.api.spi;

/** A promise that not every place can keep; without it the weaker form holds, and the contract suite demands that. */
public enum Capability {
    /** A guarded alias move is one step. Without: two moves within a round trip may both succeed. */
    ATOMIC_ALIASES,
    /** Two processes that make one run id or key at once get one thing. Without: the older wins, found before a retry. */
    ATOMIC_KEYS,
    /** A change of a run is seen, and survives a crash, whole or not at all. Without: in parts; refused ones leave none. */
    ATOMIC_CHANGES,
    /** Who reads an artifact that is being replaced gets the old or the new one. Without: fewer bytes, or a broken stream. */
    ATOMIC_ARTIFACTS,
    /** Batches are recognised by writer and offset. Without: by equality of points. */
    BATCH_OFFSETS,
    /** Min, max and count per metric. Without: {@code MetricSummary.range} is null. */
    METRIC_RANGES,
    /** Every double comes back as it was. Without: infinities as the largest double, and -0.0 as 0.0. */
    EXACT_METRICS,
    /** Every artifact has a digest. Without: it may be null. */
    ARTIFACT_DIGESTS,
    /** Pages neither skip nor repeat while entries are added. Without: they may. */
    STABLE_PAGES,
    /** An experiment was updated at the time that the change says. Without: at that of the place's own clock. */
    UPDATE_TIMES,
    /** What is deleted can be removed for good, and a run be discarded. Without: both are unsupported, and say who can. */
    PURGE,
    /** Data outlive the process. Without: they do not, so runs record nothing of their environment unless asked. */
    PERSISTENT,
    /** The place is reached without a network. Without: what is recorded goes by a spool, unless the policy says otherwise. */
    LOCAL
}
