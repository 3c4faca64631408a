package io.mlops.backends.fs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What tells a file from one that took its place: what was read before holds as long as this stays. */
record FileStamp(@Nullable Object key, FileTime modified, long bytes) {
    /** How many bytes {@link #pack} writes. */
    static final int PACKED_BYTES = 20;

    /** Two files of one length made within a tick of the file system's clock may look the same. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** The stamp of the file that is there now. */
    static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }

    /** Like {@link #of}; null if there is no file, or what it should lie in is no folder. */
    static @Nullable FileStamp find(Path file) throws IOException {
        try {
            return of(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) {
            // People and desktops leave files where folders are expected.
            if (!Files.isDirectory(Layout.folderOf(file))) {
                return null;
            }
            throw e;
        }
    }

    /** Whether a file that takes the place of this one from now on will have another stamp. */
    boolean tells() {
        return Duration.between(modified.toInstant(), Instant.now()).abs().compareTo(TICK) > 0;
    }

    /** Writes what {@link #isPacked} compares. */
    void pack(PackedWriter writer) {
        writer.fixed(Objects.hashCode(key));
        writer.fixed(modified.to(TimeUnit.NANOSECONDS));
        writer.fixed(bytes);
    }

    /** Whether this stamp was packed there. */
    boolean isPacked(byte[] packed, int at) {
        return PackedReader.fixedInt(packed, at) == Objects.hashCode(key)
                && PackedReader.fixedLong(packed, at + 4) == modified.to(TimeUnit.NANOSECONDS)
                && PackedReader.fixedLong(packed, at + 12) == bytes;
    }
}
