package io.mlops.backends.http.artifact;

import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.server.Reserved;
import java.util.Collection;

/** The files that the library keeps beside those of users. Not for instances. */
final class Hidden {
    private Hidden() {}

    /**
     * Refuses paths among those of the library.
     *
     * @throws IllegalArgumentException naming the first of them
     */
    static void check(Collection<RelativePath> paths) {
        for (RelativePath path : paths) {
            if (isHidden(path)) {
                throw new IllegalArgumentException("artifact '" + path + "' may not lie in the folder "
                        + Reserved.FOLDER + ", which stores keep for themselves: choose another folder");
            }
        }
    }

    /** Whether a path is shown to nobody. */
    static boolean isHidden(RelativePath path) {
        return path.segments().get(0).equals(Reserved.FOLDER);
    }
}
