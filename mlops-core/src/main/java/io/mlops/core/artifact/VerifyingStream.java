package io.mlops.core.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.spi.DigestingStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads an artifact and, at its end, compares size and SHA-256 with what was stored. Not thread-safe. */
public final class VerifyingStream extends FilterInputStream {
    /** Says what is wrong with bytes that are not those that were stored. */
    @FunctionalInterface
    public interface Mismatch {
        /** Makes the exception; the digest is null if there are more or fewer bytes than there were. */
        CorruptDataException of(long bytes, @Nullable Digest digest);
    }

    private final ArtifactEntry entry;
    private final DigestingStream stored;
    private final Mismatch mismatch;

    /** A stream of what is stored, which is to be what the entry says. */
    public VerifyingStream(ArtifactEntry entry, InputStream stored, Mismatch mismatch) {
        this(entry, new DigestingStream(stored), mismatch);
    }

    private VerifyingStream(ArtifactEntry entry, DigestingStream stored, Mismatch mismatch) {
        super(stored);
        this.entry = entry;
        this.stored = stored;
        this.mismatch = mismatch;
    }

    /** A stream for whoever reads an artifact where it is, which can only have been changed there. */
    static VerifyingStream where(String what, ArtifactEntry entry, InputStream stored) {
        return new VerifyingStream(entry, stored, (bytes, digest) -> {
            String found = digest == null
                    ? " has " + (bytes > entry.bytes() ? "more than " : "") + Math.min(bytes, entry.bytes())
                            + " bytes, not " + entry.bytes()
                    : " has digest " + digest + ", not " + entry.digest();
            return new CorruptDataException(what + found + ": it was changed after it was stored", null);
        });
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
            throw mismatch.of(bytes, null);
        }
        Digest expected = entry.digest();
        if (expected != null && expected.algorithm().equals("sha256")) {
            Digest actual = stored.digest();
            if (!actual.equals(expected)) {
                throw mismatch.of(bytes, actual);
            }
        }
    }
}
