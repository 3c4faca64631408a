package io.mlops.core.disk;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file's key, time and length, which tell it from a file that took its place: what was read of a file holds as long
 * as its stamp stays the same.
 *
 * @param key the file system's key of the file, null where it has none
 * @param modified the time of the last change
 * @param bytes the length
 */
public record FileStamp(@Nullable Object key, FileTime modified, long bytes) {
    /**
     * An age above which no other file can have the same stamp: two files of one length that are made within a tick of
     * the file system's clock may look the same.
     */
    private static final Duration TICK = Duration.ofMillis(100);

    /** Takes the stamp of the file that is there now. */
    public static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }

    /** Takes the stamp of a file; null if there is none, or if it would lie in something that is no folder. */
    public static @Nullable FileStamp find(Path file) throws IOException {
        try {
            return of(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) {
            // People and desktops leave files where folders are expected.
            if (!Files.isDirectory(Disk.folderOf(file))) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Returns whether any file that takes the place of this one from now on will have another stamp. If not, what was
     * read under this stamp must not be remembered.
     */
    public boolean isDistinctive() {
        return Duration.between(modified.toInstant(), Instant.now()).abs().compareTo(TICK) > 0;
    }
}
