package io.mlops.api.common;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Data that a run may read: a version of a dataset, one split of it, or data kept elsewhere. */
public interface DataReference {
    /** The name that people know the data by; at most 500 characters. */
    String name();

    /** The digest of the data's content. */
    Digest digest();

    /** The dataset version in the catalogue; null for data kept elsewhere. */
    @Nullable
    DatasetVersionId version();

    /** The place of the data, without credentials. */
    String source();

    /**
     * A reference to a local file, or to all files below a folder, by the SHA-256 of what is in them, all of which is
     * read; links are followed. A folder's digest is that of the list of its files, as a model version's is. The name is
     * that of the file or folder, the source its absolute path.
     *
     * @throws NotFoundException if there is no such file or folder
     * @throws RefusedException if something in it cannot be read, or is neither file nor folder, or the folder of a store
     * @throws IllegalArgumentException if the folder holds no file
     */
    static DataReference of(Path fileOrFolder) {
        return LocalData.reference(fileOrFolder);
    }

    /**
     * A reference to data that no catalogue knows, such as a file elsewhere or a table's version. User name, password and all
     * parameters, any of which may be a secret, are cut out of its source.
     *
     * @param source a path or URI
     */
    static DataReference external(String name, Digest digest, String source) {
        return new ExternalData(name, digest, source);
    }
}
