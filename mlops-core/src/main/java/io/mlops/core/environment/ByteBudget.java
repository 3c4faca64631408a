package io.mlops.core.environment;

import java.io.IOException;
import java.io.InterruptedIOException;

/** How much may be read, so that no class path keeps a program busy. Not thread-safe. */
final class ByteBudget {
    /** More was to be read than may be. */
    static final class Spent extends IOException {
        private static final long serialVersionUID = 1;

        Spent() {
            super("there is too much of it");
        }
    }

    private long left;

    ByteBudget(long bytes) {
        this.left = bytes;
    }

    /** How much more there is. */
    long left() {
        return left;
    }

    /** Takes some; whoever is interrupted gets none. */
    void take(long bytes) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        left -= bytes;
        if (left < 0) {
            throw new Spent();
        }
    }
}
