package io.mlops.backends.http.wire;

import java.io.IOException;

/** An answer goes beyond a bound that keeps this program alive. */
final class TooMuchException extends IOException {
    private static final long serialVersionUID = 1;

    TooMuchException(String message) {
        super(message);
    }
}
