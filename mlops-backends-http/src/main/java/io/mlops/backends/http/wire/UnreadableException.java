package io.mlops.backends.http.wire;

import java.io.IOException;

/** An answer ends too early, or is no JSON in the middle: something between may have cut it. */
final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
        super(message);
    }
}
