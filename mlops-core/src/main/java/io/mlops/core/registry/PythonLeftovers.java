package io.mlops.core.registry;

import io.mlops.api.common.RelativePath;

/** What Python writes into a model folder that it loads in place; never part of a version. */
final class PythonLeftovers {
    private static final String COMPILED = "__pycache__";
    private static final String DOWNLOADED = "registered_model_meta";

    private PythonLeftovers() {}

    static boolean isOne(RelativePath path) {
        return path.value().equals(DOWNLOADED) || path.segments().contains(COMPILED);
    }
}
