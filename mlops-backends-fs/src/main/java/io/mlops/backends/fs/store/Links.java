package io.mlops.backends.fs.store;

import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The rule that nothing is written through a link below the root of a store: where it leads to belongs to somebody
 * else. Immutable.
 */
public record Links(Path root) {
    /** Finds the link nearest to the root on the way to a file or folder, itself included; null if there is none. */
    public @Nullable Path find(Path inStore) {
        Path link = null;
        for (Path place = inStore;
                place != null && !place.equals(root) && place.startsWith(root);
                place = place.getParent()) {
            link = Files.isSymbolicLink(place) ? place : link;
        }
        return link;
    }

    /**
     * Refuses to write into a folder that a link leads to.
     *
     * @throws RefusedException naming the link and where it leads to
     */
    public void check(Path folder) {
        Path link = find(folder);
        if (link != null) {
            throw new RefusedException(
                    link + " is a link" + target(link)
                            + ", and nothing is written through one: put there what it leads to",
                    null);
        }
    }

    /** Returns where a link leads to, for messages. */
    static String target(Path link) {
        try {
            return " to " + Files.readSymbolicLink(link);
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
