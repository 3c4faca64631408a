package io.mlops.api.common;

import org.jspecify.annotations.Nullable;

/** Root of the six failures that a caller can act on; each leaf names what to do. */
public abstract sealed class MlopsException extends RuntimeException
        permits NotFoundException,
                ConflictException,
                BackendUnavailableException,
                RefusedException,
                CorruptDataException,
                UnsupportedByBackendException {
    private static final long serialVersionUID = 1;

    MlopsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
