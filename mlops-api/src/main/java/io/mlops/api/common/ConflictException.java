package io.mlops.api.common;

/** The thing exists already or changed meanwhile: read again and retry, or choose another name. */
public final class ConflictException extends MlopsException {
    private static final long serialVersionUID = 1;

    public ConflictException(String message) {
        super(message, null);
    }
}
