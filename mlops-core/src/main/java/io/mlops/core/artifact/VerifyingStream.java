package io.mlops.core.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.spi.DigestingStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads an artifact and, at its end, compares size and SHA-256 with what was stored. Not thread-safe. */
final class VerifyingStream extends FilterInputStream {
    private final String what;
    private final ArtifactEntry entry;
    private final DigestingStream stored;

    VerifyingStream(String what, ArtifactEntry entry, InputStream stored) {
        this(what, entry, new DigestingStream(stored));
    }

    private VerifyingStream(String what, ArtifactEntry entry, DigestingStream stored) {
        super(stored);
        this.stored = stored;
        this.what = what;
        this.entry = entry;
    }

    /** The entry that the bytes are compared with. */
    ArtifactEntry entry() {
        return entry;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int read = super.read(target, from, length);
        if (read < 0 || stored.bytes() > entry.bytes()) {
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

    private void verify() {
        long bytes = stored.bytes();
        if (bytes != entry.bytes()) {
            throw new CorruptDataException(
                    what + " has " + (bytes > entry.bytes() ? "more than " : "") + Math.min(bytes, entry.bytes())
                            + " bytes, not " + entry.bytes() + ": it was changed after it was stored",
                    null);
        }
        Digest expected = entry.digest();
        if (expected != null && expected.algorithm().equals("sha256")) {
            Digest actual = stored.digest();
            if (!actual.equals(expected)) {
                throw new CorruptDataException(
                        what + " has digest " + actual + ", not " + expected + ": it was changed after it was stored",
                        null);
            }
        }
    }
}
