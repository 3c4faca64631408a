package io.mlops.api.common;

import org.jspecify.annotations.Nullable;

/** The store did not answer: retry later. */
public final class BackendUnavailableException extends MlopsException {
    private static final long serialVersionUID = 1;

    private final boolean maybeDone;

    public BackendUnavailableException(String message, boolean maybeDone, @Nullable Throwable cause) {
        super(message, cause);
        this.maybeDone = maybeDone;
    }

    /** Whether the write may have happened all the same. */
    public boolean maybeDone() {
        return maybeDone;
    }
}
