package io.mlops.samples;

/** Input that cannot be used; the message says where and why, in one line whatever was given. */
final class BadInputException extends Exception {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message.replaceAll("\\p{Cntrl}", "?"));
    }
}
