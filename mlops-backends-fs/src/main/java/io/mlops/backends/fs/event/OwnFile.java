package io.mlops.backends.fs.event;

import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * An event file that this process has open. Others may remove, cut or replace it meanwhile, and writing goes on as if
 * nothing had happened, so that one has to look.
 *
 * @param key the file system's key of the file, null where it has none
 */
record OwnFile(Path path, @Nullable Object key) {
    /**
     * An event file that this process wrote and closed.
     *
     * @param points the number of points in it
     */
    record Closed(Path path, long length, long points) {
        /** Returns whether nobody removed or cut the file. */
        boolean isThere() throws IOException {
            // Some file systems give a file another key once nobody has it open.
            return new OwnFile(path, null).isAsWritten(length);
        }
    }

    /** Returns the file that was made just now at a path. */
    static OwnFile made(Path path) throws IOException {
        BasicFileAttributes attributes = find(path);
        return new OwnFile(path, attributes == null ? null : attributes.fileKey());
    }

    /** Returns whether the name still leads to this file, and the file is as long as this process made it. */
    boolean isAsWritten(long length) throws IOException {
        BasicFileAttributes now = find(path);
        if (now == null) {
            // A run that was moved or purged took its files along, which its next change finds out.
            return !Files.isDirectory(Disk.folderOf(path));
        }
        return now.isRegularFile() && now.size() == length && (key == null || key.equals(now.fileKey()));
    }

    /** Returns the length of the file at a path, 0 if there is none. */
    static long length(Path path) throws IOException {
        BasicFileAttributes now = find(path);
        return now == null || !now.isRegularFile() ? 0 : now.size();
    }

    /** Counts the points in so many bytes of a file; none if there is no file, or one that cannot be read. */
    static long points(Path path, long length) {
        if (length == 0) {
            return 0;
        }
        try (EventReader reader = new EventReader(path, 0, length)) {
            return new EventPoints().count(reader);
        } catch (IOException e) {
            return 0;
        }
    }

    private static @Nullable BasicFileAttributes find(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }
}
