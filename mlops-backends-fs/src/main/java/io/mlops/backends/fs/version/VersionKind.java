package io.mlops.backends.fs.version;

import io.mlops.core.codec.Json;
import java.nio.file.Path;

/**
 * One kind of thing that has versions: where they lie, and how their documents read.
 *
 * @param <T> a version as it was made
 */
public interface VersionKind<T> {
    /** The word for it in messages, such as {@code model}. */
    String noun();

    /** The folder of what never changes: below it, a folder for each name, and in that a numbered one for each version. */
    Path versions();

    /** The folder of what may change: below it, a folder for each name. */
    Path registry();

    /** The document of a name, which is there as soon as it has a version. */
    Path document(String name);

    /** The name that a manifest is about. */
    String name(Json manifest);

    /** Reads the manifest in the folder of this number. */
    Manifest<T> read(Json manifest, int number);

    /** Whether a file may lie in a version's folder though its manifest does not name it. */
    boolean isLeftover(Path inVersion);
}
