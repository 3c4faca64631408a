package io.mlops.core.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.spi.ContentCopy;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Reads an artifact and, at its end, compares size and SHA-256 with what was stored. Not thread-safe. */
final class VerifyingStream extends FilterInputStream {
    private final String what;
    private final ArtifactEntry entry;
    private final MessageDigest sha256 = ContentCopy.sha256();
    private long bytes;

    VerifyingStream(String what, ArtifactEntry entry, InputStream stored) {
        super(stored);
        this.what = what;
        this.entry = entry;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int read = super.read(target, from, length);
        if (read >= 0) {
            sha256.update(target, from, read);
            bytes += read;
        }
        if (read < 0 || bytes > entry.bytes()) {
            verify();
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void verify() throws IOException {
        if (bytes != entry.bytes()) {
            throw new CorruptDataException(
                    what + " has " + (bytes > entry.bytes() ? "more than " : "") + Math.min(bytes, entry.bytes())
                            + " bytes, not " + entry.bytes() + ": it was changed after it was stored",
                    null);
        }
        Digest expected = entry.digest();
        if (expected != null && expected.algorithm().equals("sha256")) {
            Digest actual = Digest.sha256(((MessageDigest) clone(sha256)).digest());
            if (!actual.equals(expected)) {
                throw new CorruptDataException(
                        what + " has digest " + actual + ", not " + expected + ": it was changed after it was stored",
                        null);
            }
        }
    }

    /** A caller may read beyond the end twice. */
    private static Object clone(MessageDigest digest) throws IOException {
        try {
            return digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IOException("every SHA-256 of the JDK can be cloned", e);
        }
    }
}
