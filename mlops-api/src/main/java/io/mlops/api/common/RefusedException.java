package io.mlops.api.common;

import org.jspecify.annotations.Nullable;

/** Credentials, permissions, a gate or a policy say no: mend that. */
public final class RefusedException extends MlopsException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
