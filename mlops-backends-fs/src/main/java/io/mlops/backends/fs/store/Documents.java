package io.mlops.backends.fs.store;

import io.mlops.api.common.CorruptDataException;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.disk.Staging;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** JSON files that are written once or replaced whole, each step durable before the next. Thread-safe. */
public final class Documents {
    private final Disk disk;
    private final Staging staging;

    Documents(Disk disk, Staging staging) {
        this.disk = disk;
        this.staging = staging;
    }

    /**
     * Reads a document; null if it is not there.
     *
     * @throws CorruptDataException if it cannot be read, naming the file
     */
    @Nullable
    public Json find(Path file) throws IOException {
        try {
            return Format.checkReadable(Json.parse(disk.read(file), file.toString()));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Like {@link #find}, but null also if a power cut left just the name of a file that was made without a sync. */
    public @Nullable Json findUnlessEmpty(Path file) throws IOException {
        FileStamp stamp = FileStamp.find(file);
        return stamp == null || stamp.bytes() == 0 ? null : find(file);
    }

    /** Replaces a document: file synced, renamed, folder synced. */
    public void replace(Path file, Json document) throws IOException {
        Path staged = staging.place();
        try {
            disk.write(staged, document.bytes(), true);
            disk.replace(staged, file);
        } catch (IOException e) {
            disk.deleteAfter(e, staged);
            throw e;
        }
        disk.syncFolder(Disk.folderOf(file));
    }

    /**
     * Makes a document unless there is one: file synced, linked, folder synced.
     *
     * @return whether it was made
     */
    public boolean claim(Path file, Json document) throws IOException {
        boolean claimed = claimLater(file, document);
        if (claimed) {
            disk.syncFolder(Disk.folderOf(file));
        }
        return claimed;
    }

    /** Makes a document unless there is one: file synced and linked, the folder left to the caller. */
    public boolean claimLater(Path file, Json document) throws IOException {
        Path staged = staging.place();
        try {
            disk.write(staged, document.bytes(), true);
            boolean claimed = disk.claimFile(staged, file);
            disk.delete(staged);
            return claimed;
        } catch (IOException e) {
            disk.deleteAfter(e, staged);
            throw e;
        }
    }

    /**
     * Tells what a document means. It may be whole and still hold what its values refuse, such as a version 0: that is
     * damage, too.
     *
     * @throws CorruptDataException if it means nothing, naming the document
     */
    public static <T> T decode(Json document, Function<Json, T> decoder) {
        try {
            return decoder.apply(document);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CorruptDataException(document.source() + " is damaged: " + e.getMessage(), e);
        }
    }
}
