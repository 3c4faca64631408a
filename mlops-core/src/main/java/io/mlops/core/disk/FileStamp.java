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
 * A stamp that tells a file from one that took its place: what was read before holds as long as this stays.
 *
 * @param key the file system's own, null where it has none
 * @param modified when the file was changed last
 * @param bytes how long it is
 */
public record FileStamp(@Nullable Object key, FileTime modified, long bytes) {
    /** Two files of one length made within a tick of the file system's clock may look the same. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** The stamp of the file that is there now. */
    public static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }

    /** Like {@link #of}; null if there is no file, or what it should lie in is no folder. */
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

    /** Whether a file that takes the place of this one from now on will have another stamp. */
    public boolean tells() {
        return Duration.between(modified.toInstant(), Instant.now()).abs().compareTo(TICK) > 0;
    }
}
