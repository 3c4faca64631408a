package io.mlops.core.mlflow;

import java.nio.file.Path;

/** Tells the files that Python leaves in a model folder that it loads in place; they are never part of a version. */
public final class PythonLeftovers {
    private static final String COMPILED = "__pycache__";
    private static final String DOWNLOADED = "registered_model_meta";

    private PythonLeftovers() {}

    /**
     * Whether Python left this file: one below a folder of compiled code, or the note of a download.
     *
     * @param relative its path below the folder of the model
     */
    public static boolean isOne(Path relative) {
        int last = relative.getNameCount() - 1;
        for (int i = 0; i < last; i++) {
            if (relative.getName(i).toString().equals(COMPILED)) {
                return true;
            }
        }
        return relative.toString().equals(DOWNLOADED);
    }
}
