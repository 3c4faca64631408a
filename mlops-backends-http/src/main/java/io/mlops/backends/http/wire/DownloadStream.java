package io.mlops.backends.http.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** The bytes of a download; a deadline and an interrupt of the reader end it. Not thread-safe. */
final class DownloadStream extends InputStream {
    private final InputStream bytes;
    private final Watch.Guard guard;
    private final Runnable release;

    DownloadStream(InputStream bytes, Watch.Guard guard, Runnable release) {
        this.bytes = bytes;
        this.guard = guard;
        this.release = release;
        guard.leave();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        if (count == 0) {
            // OkHttp's stream would wait for a byte.
            return 0;
        }
        guard.enter();
        try {
            return bytes.read(target, from, count);
        } catch (IOException e) {
            throw guard.late() || guard.interrupted() ? ended(e) : e;
        } finally {
            guard.leave();
        }
    }

    private InterruptedIOException ended(IOException failure) {
        InterruptedIOException ended = new InterruptedIOException(
                guard.late() ? "the download takes too long" : "the thread that reads the download was interrupted");
        ended.initCause(failure);
        return ended;
    }

    @Override
    public void close() {
        guard.close();
        release.run();
    }
}
