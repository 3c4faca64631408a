package io.mlops.core.sync;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.UnsupportedByBackendException;

/** Tells failures that are about what was sent from those that are about the place. Not for instances. */
final class Refusal {
    private Refusal() {}

    /** Whether the same would be refused again, so that it has to be left out. */
    static boolean isOfContent(RuntimeException failure) {
        return failure instanceof ConflictException
                || failure instanceof RefusedException
                || failure instanceof UnsupportedByBackendException
                || failure instanceof IllegalArgumentException;
    }
}
