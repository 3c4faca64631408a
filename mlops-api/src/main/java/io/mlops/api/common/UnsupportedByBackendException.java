package io.mlops.api.common;

/** This store cannot do that: use another store or another call. */
public final class UnsupportedByBackendException extends MlopsException {
    private static final long serialVersionUID = 1;

    public UnsupportedByBackendException(String message) {
        super(message, null);
    }
}
