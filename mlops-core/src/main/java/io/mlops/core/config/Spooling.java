package io.mlops.core.config;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the spool, which keeps on this machine what is recorded until a store across a network has it.
 *
 * @param folder where it lies, for this store alone; if null {@code .mlops/spool/<host>-<hash of the address>} in the home of
 *     the user
 * @param bytes how much it may hold: a run that begins when it is full is recorded as under DROP
 */
@CheckReturnValue
public record Spooling(@Nullable Path folder, long bytes) {
    private static final long STANDARD_BYTES = 2L << 30;

    public Spooling {
        if (bytes < 0) {
            throw new IllegalArgumentException("a spool cannot hold " + bytes + " bytes: give 0 or more");
        }
    }

    /** A folder in the home of the user, and 2 GiB. */
    public static Spooling standard() {
        return new Spooling(null, STANDARD_BYTES);
    }

    /** A copy that lies in this folder. */
    public Spooling folder(Path path) {
        return new Spooling(requireNonNull(path, "path"), bytes);
    }

    /** A copy that may hold this much. */
    public Spooling bytes(long most) {
        return new Spooling(folder, most);
    }
}
