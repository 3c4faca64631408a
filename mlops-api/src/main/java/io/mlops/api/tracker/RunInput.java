package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.DataReference;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Names;
import org.jspecify.annotations.Nullable;

/**
 * Data that a run read, and the role in which it did.
 *
 * @param version the catalogue entry; null for data kept elsewhere
 * @param source where it was, without credentials
 * @param role training, test, …; at most 500 characters
 */
public record RunInput(String name, Digest digest, @Nullable DatasetVersionId version, String source, String role) {
    public RunInput {
        Names.checkName("role of " + name, role);
        // A reference may be of anybody's class: its source is treated as everybody's.
        source = DataReference.external(name, digest, source).source();
    }

    /** The input that a reference names, in this role. */
    public static RunInput of(DataReference data, String role) {
        requireNonNull(data, "data");
        return new RunInput(data.name(), data.digest(), data.version(), data.source(), role);
    }
}
