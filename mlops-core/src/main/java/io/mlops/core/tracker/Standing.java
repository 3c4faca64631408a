package io.mlops.core.tracker;

/** The stages of a run on its way to the store, in their order. */
enum Standing {
    /** The store does not know the run, which is to begin where its parent is by then. */
    NEW_CHILD,
    /** The store does not know the run. */
    NEW,
    /** The store knows the run from before, but not that it goes on. */
    RESUMING,
    /** The store knows the run, which a power cut may undo. */
    CREATED,
    /** The run is durable, but has not ended. */
    DURABLE,
    /** The run's end is durable: there is nothing more to do. */
    ENDED,
    /** The rest of the run was dropped; the store knows the run. */
    DROPPED,
    /** All of the run was dropped; the store does not know the run. */
    DROPPED_NEW;

    /** Whether the store knows the run. */
    boolean known() {
        return this != NEW_CHILD && this != NEW && this != DROPPED_NEW;
    }

    /** Whether there is nothing more to do, ever. */
    boolean over() {
        return compareTo(ENDED) >= 0;
    }

    /** Whether all that can become durable of the run itself is. */
    boolean durable() {
        return compareTo(DURABLE) >= 0;
    }

    /** The later of the two stages; a run that is over stays as it is. */
    Standing reach(Standing next) {
        return over() || compareTo(next) > 0 ? this : next;
    }

    /** The stage of a run that is dropped now. */
    Standing drop() {
        return reach(known() ? DROPPED : DROPPED_NEW);
    }
}
