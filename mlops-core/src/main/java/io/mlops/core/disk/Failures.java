package io.mlops.core.disk;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Turns failed file operations into the exceptions that users see. A message of the system is shown, never interpreted:
 * it may be in any language.
 */
public final class Failures {
    private Failures() {}

    /** Makes the exception for a read that failed, which changed nothing. */
    public static MlopsException ofRead(String what, Path path, IOException e) {
        String message = "cannot " + what + ": " + reason(e);
        if (e instanceof AccessDeniedException) {
            return denied(message, e);
        }
        String where = message.contains(path.toString()) ? "" : " in " + path;
        return new BackendUnavailableException(message + where, false, e);
    }

    /**
     * Makes the exception for an operation that failed and may have changed something, saying why if the disk is full
     * or read-only.
     *
     * @param what the whole operation, such as "change run r1"
     */
    public static MlopsException of(String what, Path path, IOException e) {
        String message = "cannot " + what + ": " + reason(e);
        if (e instanceof AccessDeniedException) {
            return denied(message, e);
        }
        Path there = path.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            // What cannot be made has no disk yet; the folder above it has.
            there = there.getParent();
        }
        if (!there.equals(path.toAbsolutePath()) && !Files.isDirectory(there)) {
            return new RefusedException(message + ": " + there + " is no folder", e);
        }
        try {
            if (!Files.isWritable(there)) {
                // The JDK itself does not see that a folder is mounted a second time, read-only.
                return new RefusedException(
                        message + ": " + path + " is on a read-only file system, or not this process's to write", e);
            }
            if (Files.getFileStore(there).getUsableSpace() == 0) {
                return new BackendUnavailableException(message + ": no space is left where " + path + " lies", true, e);
            }
        } catch (IOException askingFailed) {
            e.addSuppressed(askingFailed);
        }
        return new BackendUnavailableException(message, true, e);
    }

    private static RefusedException denied(String message, IOException e) {
        return new RefusedException(message + ": permission denied, give this process the right to it", e);
    }

    /** Returns the reason as users can read it: an exception whose message is only the path is named, too. */
    public static String reason(IOException e) {
        return e.getClass() == IOException.class || e.getClass() == FileSystemException.class
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
