package io.mlops.api.common;

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
     * A reference to data that no catalogue knows, such as a file or a table's version. User name, password and all
     * parameters, any of which may be a secret, are cut out of its source.
     *
     * @param source a path or URI
     */
    static DataReference external(String name, Digest digest, String source) {
        return new ExternalData(name, digest, source);
    }
}
