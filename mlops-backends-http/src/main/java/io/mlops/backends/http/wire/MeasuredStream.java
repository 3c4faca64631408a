package io.mlops.backends.http.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * A body whose length was told before. What was written last is held back until all of it is known to be right: a server
 * takes a body of that length for whole, whatever happens here afterwards. Not thread-safe.
 */
final class MeasuredStream extends OutputStream {
    private final OutputStream out;
    private final long told;
    private long count;
    private byte[] last = new byte[0];

    MeasuredStream(OutputStream out, long told) {
        this.out = out;
        this.told = told;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        count += length;
        if (count > told) {
            throw new WrongLengthException(told);
        }
        out.write(last);
        last = Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** Lets go what was held back. */
    void end() throws IOException {
        if (count != told) {
            throw new WrongLengthException(told);
        }
        out.write(last);
    }
}
