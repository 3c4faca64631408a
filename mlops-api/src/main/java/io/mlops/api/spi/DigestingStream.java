package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * A stream that counts what is read of it and computes its SHA-256 on the way. It cannot go back, since that would count
 * twice. Not thread-safe.
 */
public final class DigestingStream extends InputStream {
    private static final int MAX_SKIP_BYTES = 1 << 16;

    private final InputStream stream;
    private final MessageDigest sha256 = ContentCopy.sha256();
    private long bytes;

    /** A stream that digests what is read of another from here on. */
    public DigestingStream(InputStream stream) {
        this.stream = requireNonNull(stream, "stream");
    }

    /** Reads a stream to its end and digests it; the stream stays open. */
    public static Digest digest(InputStream stream) throws IOException {
        DigestingStream digesting = new DigestingStream(stream);
        digesting.transferTo(OutputStream.nullOutputStream());
        return digesting.digest();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int read = stream.read(target, from, length);
        if (read > 0) {
            sha256.update(target, from, read);
            bytes += read;
        }
        return read;
    }

    /** Skips by reading: what is skipped counts. */
    @Override
    public long skip(long count) throws IOException {
        return count <= 0 ? 0 : readNBytes((int) Math.min(count, MAX_SKIP_BYTES)).length;
    }

    @Override
    public int available() throws IOException {
        return stream.available();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /** The number of bytes read so far. */
    public long bytes() {
        return bytes;
    }

    /** The SHA-256 of what was read so far. */
    public Digest digest() {
        try {
            return Digest.sha256(((MessageDigest) sha256.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every SHA-256 of the JDK can be cloned", e);
        }
    }
}
