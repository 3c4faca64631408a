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

/** JSON files that are written once or replaced whole; each is synced before it gets its name. Thread-safe. */
public final class Documents {
    private final Disk disk;
    private final Staging staging;
    private final Links links;

    Documents(Disk disk, Staging staging, Links links) {
        this.disk = disk;
        this.staging = staging;
        this.links = links;
    }

    /**
     * Reads a document; null if there is no file.
     *
     * @throws CorruptDataException if it cannot be read, naming the file
     */
    @Nullable
    public Json find(Path file) throws IOException {
        return find(file, Format.CURRENT);
    }

    /**
     * Reads a document of a kind of its own format; null if there is no file.
     *
     * @param newest the newest format of this kind of document
     * @throws CorruptDataException if it cannot be read, naming the file
     */
    @Nullable
    public Json find(Path file, int newest) throws IOException {
        try {
            return Format.checkReadable(Json.parse(disk.read(file), file.toString()), newest);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Reads a document; null also if the file is empty, since a power cut may leave just the name of a file whose
     * folder was not synced.
     */
    public @Nullable Json findUnlessEmpty(Path file) throws IOException {
        FileStamp stamp = FileStamp.find(file);
        return stamp == null || stamp.bytes() == 0 ? null : find(file);
    }

    /**
     * Replaces a document as a whole; readers see the old one or the new one. Durable on return: file synced, renamed,
     * folder synced.
     */
    public void replace(Path file, Json document) throws IOException {
        links.check(Disk.folderOf(file));
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
     * Makes a document unless there is one, in one step. Durable on return: file synced, linked, folder synced.
     *
     * @return whether this call made it
     */
    public boolean claim(Path file, Json document) throws IOException {
        boolean claimed = claimLater(file, document);
        if (claimed) {
            disk.syncFolder(Disk.folderOf(file));
        }
        return claimed;
    }

    /**
     * Makes a document unless there is one, as {@link #claim} does, but leaves the sync of the folder, and with it the
     * durable name, to the caller.
     */
    public boolean claimLater(Path file, Json document) throws IOException {
        links.check(Disk.folderOf(file));
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
     * Turns a document into a value. A whole document may still hold what the value refuses, such as a version 0: it is
     * damaged, too.
     *
     * @throws CorruptDataException if the value refuses what it holds, naming the document
     */
    public static <T> T decode(Json document, Function<Json, T> decoder) {
        try {
            return decoder.apply(document);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CorruptDataException(document.source() + " is damaged: " + e.getMessage(), e);
        }
    }
}
