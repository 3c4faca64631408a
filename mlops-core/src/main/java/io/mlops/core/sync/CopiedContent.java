package io.mlops.core.sync;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.DigestingStream;
import io.mlops.api.spi.OpenArtifact;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * An artifact of another store as content: opened each time it is read, and compared at its end with what was stored, so
 * that damage is not copied as if it were whole. Thread-safe.
 *
 * @param entry the artifact as it was listed
 */
record CopiedContent(ArtifactStore store, ArtifactOwner owner, ArtifactEntry entry) implements Content {
    @Override
    public long bytes() {
        return entry.bytes();
    }

    @Override
    public InputStream open() {
        OpenArtifact open = store.open(owner, entry.path());
        return new Compared(owner, open.entry(), new DigestingStream(open.bytes()));
    }

    /** Compares at the end of what is read. Not thread-safe. */
    private static final class Compared extends FilterInputStream {
        private final ArtifactOwner owner;
        private final ArtifactEntry entry;
        private final DigestingStream stored;

        Compared(ArtifactOwner owner, ArtifactEntry entry, DigestingStream stored) {
            super(stored);
            this.owner = owner;
            this.entry = entry;
            this.stored = stored;
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
                compare();
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

        private void compare() {
            Digest digest = entry.digest();
            boolean isOther = digest != null && digest.algorithm().equals("sha256") && !digest.equals(stored.digest());
            if (stored.bytes() != entry.bytes() || isOther) {
                throw new CorruptDataException(
                        "artifact '" + entry.path() + "' of " + owner
                                + " is not what was stored: it is damaged, and not copied",
                        null);
            }
        }
    }
}
