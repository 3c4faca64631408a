package io.mlops.core.environment;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** A budget of bytes that may be read, so that no class path keeps a program busy. Not thread-safe. */
final class ByteBudget {
    /** The budget has fewer bytes left than were to be read. */
    static final class Spent extends IOException {
        private static final long serialVersionUID = 1;

        Spent() {
            super("holds more than may be read");
        }
    }

    private long left;

    ByteBudget(long bytes) {
        this.left = bytes;
    }

    /** The number of bytes left. */
    long left() {
        return left;
    }

    /**
     * Fails if fewer bytes than these are left, and takes none, so that one large file leaves something to the others.
     */
    void require(long bytes) throws IOException {
        if (bytes > left) {
            throw new Spent();
        }
    }

    /** A stream that takes from the budget what is read of it. */
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

    /** Takes bytes from the budget; fails if it has fewer, or the thread is interrupted. */
    void take(long bytes) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("was not read to its end, since the thread was interrupted");
        }
        left -= bytes;
        if (left < 0) {
            throw new Spent();
        }
    }
}
