package io.mlops.backends.fs.version;

import io.mlops.core.codec.Json;
import java.nio.file.Path;

/**
 * One kind of thing that has versions: its folders, and how its documents are read. Thread-safe.
 *
 * @param <T> a version as it was made
 */
public interface VersionKind<T> {
    /** Returns the word for such a thing in messages, such as {@code model}. */
    String noun();

    /**
     * Returns the folder of what never changes: below it lies a folder for each name, and in that a numbered one for
     * each version.
     */
    Path versions();

    /** Returns the folder of what may change: below it lies a folder for each name. */
    Path registry();

    /** Returns the path of the document of a name, which is there as soon as the name has a version. */
    Path document(String name);

    /** Reads the name that a manifest is about. */
    String name(Json manifest);

    /** Reads the manifest of the version with this number. */
    Manifest<T> read(Json manifest, int number);

    /**
     * Returns whether a known program leaves such a file behind, so that it may lie in a version's folder though its
     * manifest does not name it.
     */
    boolean isLeftover(Path inVersion);
}
