package io.mlops.backends.fs.store;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.disk.FileType;
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
    private final DamageLog damage;

    Documents(Disk disk, Staging staging, Links links, DamageLog damage) {
        this.disk = disk;
        this.staging = staging;
        this.links = links;
        this.damage = damage;
    }

    /**
     * Reads a document; null if there is no file. One that something else changed is told once, and is read as it is.
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
        byte[] bytes;
        try {
            bytes = disk.read(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        Json json = Format.checkReadable(Json.parse(bytes, file.toString()), newest);
        if (Checksum.isWrong(bytes, json)) {
            damage.changed(file);
        }
        return json.remove(Checksum.FIELD);
    }

    /** Writes a document as text that ends with a checksum of the rest, as every document of a store does. */
    public static byte[] text(Json document) {
        return Checksum.seal(document);
    }

    /** Writes a document as text, and refuses one that this process could not read back. */
    private static byte[] text(Path file, Json document) {
        byte[] bytes = text(document);
        long most = FileType.maxDocumentBytes();
        if (bytes.length > most) {
            throw new ConflictException(file + " would have " + bytes.length
                    + " bytes, and a process of this heap reads " + most + ": give it more, or keep less in one place");
        }
        return bytes;
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
        replace(file, text(file, document));
    }

    /** Replaces a document as the other method does; its bytes are as given, for one that is named by their digest. */
    public void replace(Path file, byte[] bytes) throws IOException {
        links.check(Disk.folderOf(file));
        Path staged = staging.place();
        try {
            disk.write(staged, bytes, true);
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
        return claimLater(file, text(file, document));
    }

    /** Makes a document as the other method does; its bytes are as given, for one that is named by their digest. */
    public boolean claimLater(Path file, byte[] bytes) throws IOException {
        links.check(Disk.folderOf(file));
        Path staged = staging.place();
        try {
            disk.write(staged, bytes, true);
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
