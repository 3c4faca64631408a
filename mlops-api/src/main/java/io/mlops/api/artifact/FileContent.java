package io.mlops.api.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Content of a file, with the size that the file had when it was named. */
record FileContent(Path file, long bytes) implements Content {
    static FileContent of(Path file) {
        requireNonNull(file, "file");
        try {
            FileContent content = new FileContent(file, size(file));
            if (content.bytes == 0) {
                content.checkEmpty();
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new NotFoundException("no file " + file);
        } catch (IOException e) {
            throw new RefusedException("cannot read file " + file + ": " + e.getMessage(), e);
        }
    }

    /** Looks at the type first, since to open a pipe waits for a writer that may never come. */
    private static long size(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new RefusedException(
                    file + " is " + (attributes.isDirectory() ? "a folder" : "a pipe or device") + " and no file"
                            + ": name a file, or store the bytes as a stream",
                    null);
        }
        return attributes.size();
    }

    /** Refuses a file of the kernel, as in {@code /proc}, which holds more than it says and would be stored empty. */
    private void checkEmpty() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (in.read() >= 0 && size(file) == 0) {
                throw new RefusedException(
                        file + " says that it has 0 bytes, and holds some: store its bytes as a stream", null);
            }
        }
    }

    @Override
    public InputStream open() throws IOException {
        long unused = size(file);
        return new Beginning(Files.newInputStream(file), file, bytes);
    }

    /**
     * Reads as many bytes as the file had when it was named, so that one that somebody appends to is not read without
     * end; fails if it has fewer.
     */
    private static final class Beginning extends FilterInputStream {
        private final Path file;
        private final long bytes;
        private long left;

        Beginning(InputStream in, Path file, long bytes) {
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
                return -1;
            }
            int read = in.read(target, from, (int) Math.min(length, left));
            if (read < 0) {
                throw new IOException(file + " was changed while it was read: it is shorter than the " + bytes
                        + " bytes that it had when it was named; store a copy of it");
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
    }
}
