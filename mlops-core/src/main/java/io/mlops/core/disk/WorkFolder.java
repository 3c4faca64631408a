package io.mlops.core.disk;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder for private copies, of models and of long streams: the one that the program has set, else the JDK's temporary
 * folder. Whatever fails there is told with the setting that helps. Thread-safe.
 */
public final class WorkFolder {
    private final Path path;
    private final boolean temporary;

    /** The folder that was set; the JDK's temporary folder if null. Nothing is made yet. */
    public WorkFolder(@Nullable Path set) {
        this.temporary = set == null;
        this.path = (set == null ? Path.of(System.getProperty("java.io.tmpdir", "")) : set).toAbsolutePath();
    }

    /** Makes the folder unless it is there, and returns its path. */
    public Path make() throws IOException {
        return Files.createDirectories(path);
    }

    /**
     * Makes a new, empty file in it.
     *
     * @param what the operation that needs it, such as "store artifact 'a.bin'"
     */
    public Path newFile(String what, String prefix) {
        try {
            return Files.createTempFile(make(), prefix, null);
        } catch (IOException e) {
            throw failed(what, e);
        }
    }

    /** Makes the exception for an operation that failed in it. */
    public MlopsException failed(String what, IOException e) {
        return withWay(Failures.of(what, path, e));
    }

    /** Makes an exception that tells the way out of another one, which a failure in the folder has caused. */
    public MlopsException withWay(MlopsException failed) {
        String message = failed.getMessage() + ": set workFolder to a folder of this user, with room in it, instead of "
                + (temporary ? "the temporary folder " : "") + path;
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        return failed instanceof RefusedException
                ? new RefusedException(message, cause)
                : new BackendUnavailableException(message, false, cause);
    }

    /** Whether code in a folder may not be loaded, as where it is mounted noexec. */
    public static boolean forbidsCode(Path folder) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] rights = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        try {
            Path probe = Files.createTempFile(folder, "mlops-", null, rights);
            try {
                return !Files.isExecutable(probe);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return false;
        }
    }
}
