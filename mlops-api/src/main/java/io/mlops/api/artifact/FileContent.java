package io.mlops.api.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Content of a file, with the size that the file had when it was named. */
record FileContent(Path file, long bytes) implements Content {
    static FileContent of(Path file) {
        if (!Files.isRegularFile(requireNonNull(file, "file"))) {
            throw new NotFoundException("no file " + file);
        }
        try {
            return new FileContent(file, Files.size(file));
        } catch (IOException e) {
            throw new RefusedException("cannot read file " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public InputStream open() throws IOException {
        return new Unchanged(Files.newInputStream(file), file, bytes);
    }

    /**
     * Reads as many bytes as the file had when it was named, and fails if it has changed: one that somebody appends to
     * would be read without end, and come out different each time.
     */
    private static final class Unchanged extends FilterInputStream {
        private final Path file;
        private final long bytes;
        private long left;

        Unchanged(InputStream in, Path file, long bytes) {
            super(in);
            this.file = file;
            this.bytes = bytes;
            this.left = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                if (in.read() >= 0) {
                    throw changed("longer");
                }
                return -1;
            }
            int read = in.read(target, from, (int) Math.min(length, left));
            if (read < 0) {
                throw changed("shorter");
            }
            left -= read;
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = in.skip(Math.min(count, left));
            left -= skipped;
            return skipped;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(in.available(), left);
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private IOException changed(String how) {
            return new IOException(file + " was changed while it was read: it is " + how + " than the " + bytes
                    + " bytes that it had when it was named; store a copy of it");
        }
    }
}
