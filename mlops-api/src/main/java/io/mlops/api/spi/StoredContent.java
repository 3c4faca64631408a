package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RunId;
import java.io.IOException;
import java.io.InputStream;

/**
 * The content of an artifact that the same backend keeps, so that its store may give the bytes a second name instead of
 * copying them. A store that cannot, or finds other bytes there, reads it as any content.
 *
 * @param entry the artifact of the run, as it was found
 * @param bytesOf opens its bytes, which are verified while they are read
 */
public record StoredContent(RunId run, ArtifactEntry entry, Opening bytesOf) implements Content {
    public StoredContent {
        requireNonNull(run, "run");
        requireNonNull(entry, "entry");
        requireNonNull(bytesOf, "bytesOf");
    }

    /** Opens the bytes of an artifact from the start. */
    @FunctionalInterface
    public interface Opening {
        /** Opens the bytes; the caller closes the stream. */
        InputStream open() throws IOException;
    }

    @Override
    public long bytes() {
        return entry.bytes();
    }

    @Override
    public InputStream open() throws IOException {
        return bytesOf.open();
    }
}
