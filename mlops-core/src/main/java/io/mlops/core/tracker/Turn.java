package io.mlops.core.tracker;

/** The reason why a run gets its turn, which tells how much of it is brought to the store. */
enum Turn {
    /** It has a full chunk, or somebody asks. */
    WOKEN,
    /** The flush period is over. */
    PERIOD,
    /** All chunks are lent, and those that the store has must become free. */
    NO_CHUNKS,
    /** The last try failed. It may have taken anything: only another of everything tells whether the store works. */
    RETRY;

    /** Whether points that do not fill a chunk are taken, too. */
    boolean takesAllPoints() {
        return this == PERIOD || this == RETRY;
    }

    /** Whether everything that the store has becomes durable. */
    boolean makesDurable() {
        return this == NO_CHUNKS || this == RETRY;
    }
}
