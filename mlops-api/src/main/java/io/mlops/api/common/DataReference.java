package io.mlops.api.common;

import org.jspecify.annotations.Nullable;

/** Data that a run may read: a version of a dataset, one split of it, or data kept elsewhere. */
public interface DataReference {
    /** What people call it; at most 500 characters. */
    String name();

    /** The digest of its content. */
    Digest digest();

    /** The catalogue entry; null for data kept elsewhere. */
    @Nullable
    DatasetVersionId version();

    /** Where the data is, without credentials. */
    String source();

    /**
     * Data that no catalogue knows, such as a file or a table's version. Left out of a URI are user name and
     * password, and all parameters, any of which may be a secret.
     *
     * @param source a path or URI
     */
    static DataReference external(String name, Digest digest, String source) {
        return new ExternalData(name, digest, source);
    }
}
