package io.mlops.api.spi;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Copies content while its SHA-256 is computed, and tells a source that fails from a target that does. */
public final class ContentCopy {
    private static final int BUFFER_BYTES = 1 << 17;

    private ContentCopy() {}

    /**
     * Copies all of a content.
     *
     * @param path the path it is to be stored under, for the entry and messages
     * @throws IOException if the target fails
     * @throws NotFoundException if the source is a file that is gone
     * @throws RefusedException if the source fails otherwise, be it while it is closed
     */
    public static ArtifactEntry copy(RelativePath path, Content content, OutputStream target) throws IOException {
        byte[] buffer = new byte[(int) Math.max(512, Math.min(BUFFER_BYTES, content.bytes()))];
        try (Source source = Source.open(path, content)) {
            for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
                target.write(buffer, 0, read);
            }
            return source.entry();
        }
    }

    /**
     * The entry that a content gets under a path; reads all of it and keeps nothing.
     *
     * @throws NotFoundException if the source is a file that is gone
     * @throws RefusedException if the source fails otherwise
     */
    public static ArtifactEntry entry(RelativePath path, Content content) {
        try {
            return copy(path, content, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException("a stream that takes everything fails", e);
        }
    }

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The content while it is read; its failures are the caller's, not the store's. */
    private record Source(RelativePath path, DigestingStream stream) implements AutoCloseable {
        static Source open(RelativePath path, Content content) {
            try {
                InputStream stream = content.open();
                if (stream == null) {
                    throw new RefusedException("the content of '" + path + "' opens no stream", null);
                }
                return new Source(path, new DigestingStream(stream));
            } catch (NoSuchFileException e) {
                throw new NotFoundException("the content of '" + path + "' is gone: no file " + e.getFile());
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }

        /** An entry for the bytes read so far. */
        ArtifactEntry entry() {
            return new ArtifactEntry(path, stream.bytes(), stream.digest());
        }

        int read(byte[] buffer) {
            try {
                return stream.read(buffer);
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }

        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }

        private static RefusedException unreadable(RelativePath path, IOException e) {
            return new RefusedException("the content of '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
