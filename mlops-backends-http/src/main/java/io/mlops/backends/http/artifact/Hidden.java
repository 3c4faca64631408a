package io.mlops.backends.http.artifact;

import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.server.Reserved;

/** The files that the library keeps beside those of users. Not for instances. */
final class Hidden {
    private Hidden() {}

    /** Whether a path is shown to nobody. */
    static boolean isHidden(RelativePath path) {
        return path.segments().get(0).equals(Reserved.FOLDER);
    }
}
