package io.mlops.core.environment;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** How much may be read, so that no class path keeps a program busy. Not thread-safe. */
final class ByteBudget {
    /** More was to be read than may be. */
    static final class Spent extends IOException {
        private static final long serialVersionUID = 1;

        Spent() {
            super("holds more than is looked at");
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

    /** Fails if there is less than this, and takes none, so that what is too large leaves something to the rest. */
    void require(long bytes) throws IOException {
        if (bytes > left) {
            throw new Spent();
        }
    }

    /** A stream that takes what is read of it. */
    InputStream taking(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                int count = super.read(target, from, length);
                if (count > 0) {
                    take(count);
                }
                return count;
            }
        };
    }

    /** Takes some; whoever is interrupted gets none. */
    void take(long bytes) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("was not looked at to its end");
        }
        left -= bytes;
        if (left < 0) {
            throw new Spent();
        }
    }
}
