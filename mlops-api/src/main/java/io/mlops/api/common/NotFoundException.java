package io.mlops.api.common;

/** The thing asked for is not there: ask for something else, or create it. */
public final class NotFoundException extends MlopsException {
    private static final long serialVersionUID = 1;

    public NotFoundException(String message) {
        super(message, null);
    }
}
