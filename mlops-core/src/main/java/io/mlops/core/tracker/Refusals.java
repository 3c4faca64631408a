package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.UnsupportedByBackendException;

/** Tells exceptions that say something against what was sent from those that say something about the store. */
final class Refusals {
    private Refusals() {}

    /** Whether the same would be refused again, and other content might not. */
    static boolean ofContent(RuntimeException e) {
        return e instanceof RefusedException
                || e instanceof UnsupportedByBackendException
                || e instanceof IllegalArgumentException;
    }

    /** The same of a change, which may also contradict what the store has. */
    static boolean ofChange(RuntimeException e) {
        return ofContent(e) || e instanceof ConflictException;
    }
}
