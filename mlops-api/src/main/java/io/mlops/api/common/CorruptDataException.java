package io.mlops.api.common;

import org.jspecify.annotations.Nullable;

/** Stored bytes or an answer cannot be read: report it, never retry. */
public final class CorruptDataException extends MlopsException {
    private static final long serialVersionUID = 1;

    public CorruptDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
