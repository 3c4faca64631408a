package io.mlops.backends.http.wire;

/** Tells that a content is longer or shorter than it said; the server has not got all of it. */
public final class WrongLengthException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A content that told so many bytes, or had room for no more. */
    public WrongLengthException(long told) {
        super("a content has another length than the " + told + " bytes that it told");
    }
}
