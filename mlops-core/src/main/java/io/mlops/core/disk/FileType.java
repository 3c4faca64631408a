package io.mlops.core.disk;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Looks at what a path is before it is opened: a pipe in place of a file would let nobody go who opens it, and what is
 * written through a link lands elsewhere.
 */
public final class FileType {
    private static final long MAX_DOCUMENT_BYTES = 256L << 20;

    private FileType() {}

    /**
     * Returns the attributes of a file that is about to be read; a link to a file is one, unless the options say that links
     * are not followed.
     *
     * @throws CorruptDataException if it is something else, such as a folder or a pipe
     * @throws NoSuchFileException if it is not there
     */
    public static BasicFileAttributes readable(Path file, LinkOption... options) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, options);
        if (!attributes.isRegularFile()) {
            throw new CorruptDataException(file + " is no file and cannot be read: put back what was there", null);
        }
        return attributes;
    }

    /** Returns the length up to which a document is read: a fifth of the heap, since it is there several times then. */
    public static long maxDocumentBytes() {
        return Math.min(MAX_DOCUMENT_BYTES, Runtime.getRuntime().maxMemory() / 5);
    }

    /**
     * Returns the length of a document that is about to be read.
     *
     * @throws CorruptDataException if it is no file, or one that would fill the heap
     */
    static long checkedDocument(Path file) throws IOException {
        return checkedDocument(file, readable(file).size());
    }

    /** Returns the length of a document that was opened, checked as by the other method. */
    static long checkedDocument(Path file, long bytes) {
        if (bytes > maxDocumentBytes()) {
            throw new CorruptDataException(
                    file + " has " + bytes + " bytes, too many for this heap: put back what was there", null);
        }
        return bytes;
    }

    /**
     * Returns whether a name that was listed names the file again: one that the character set of the process cannot tell
     * does not.
     */
    public static boolean isPath(String listed) {
        return listed.indexOf('\uFFFD') < 0;
    }

    /**
     * Refuses to open for writing what is there and no file.
     *
     * @throws RefusedException if a link, a pipe or a folder is there
     */
    public static void checkWritableFile(Path file) throws IOException {
        check(file, "file");
    }

    /**
     * Refuses to write into what is there and no folder.
     *
     * @throws RefusedException if a link, a pipe or a file is there
     */
    public static void checkWritableFolder(Path folder) throws IOException {
        check(folder, "folder");
    }

    private static void check(Path path, String wanted) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean fits = wanted.equals("file") ? attributes.isRegularFile() : attributes.isDirectory();
            if (!fits) {
                throw new RefusedException(
                        path + " is " + (attributes.isSymbolicLink() ? "a link" : "no " + wanted)
                                + ", and nothing is written there: take it away",
                        null);
            }
        } catch (NoSuchFileException free) {
            // Whoever wants to write makes it.
        }
    }
}
