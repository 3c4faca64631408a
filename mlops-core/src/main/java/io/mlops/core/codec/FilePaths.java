package io.mlops.core.codec;

import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Turns relative paths into paths of a file system, and back. Java decodes file names by the locale it was started
 * with: a name that does not survive this would be taken for another, and is refused.
 */
public final class FilePaths {
    private FilePaths() {}

    /**
     * The file at a path below a folder.
     *
     * @throws RefusedException if this JVM cannot name such a file
     */
    public static Path resolve(Path folder, RelativePath path) {
        try {
            return folder.resolve(path.value());
        } catch (InvalidPathException e) {
            throw unnameable("this JVM cannot name a file '" + path + "'", e);
        }
    }

    /**
     * The path of a file below a folder, with forward slashes on every system.
     *
     * @param file below the folder
     * @throws RefusedException if the name of the file is not what this JVM takes it for
     */
    public static RelativePath below(Path folder, Path file) {
        Path relative = folder.relativize(file);
        StringJoiner path = new StringJoiner("/");
        relative.forEach(name -> path.add(name.toString()));
        String what = "the name of file '" + file + "' cannot be read";
        try {
            if (!relative.getFileSystem().getPath(path.toString()).equals(relative)) {
                throw unnameable(what, null);
            }
        } catch (InvalidPathException e) {
            throw unnameable(what, e);
        }
        return RelativePath.of(path.toString());
    }

    private static RefusedException unnameable(String what, @Nullable Throwable cause) {
        String encoding = System.getProperty("sun.jnu.encoding", "unknown");
        return new RefusedException(
                what + ": file names are decoded as " + encoding + " here, and this one is not valid in it; rename it"
                        + (encoding.equals("UTF-8")
                                ? ""
                                : ", or start Java with a UTF-8 locale such as LC_ALL=C.UTF-8"),
                cause);
    }
}
