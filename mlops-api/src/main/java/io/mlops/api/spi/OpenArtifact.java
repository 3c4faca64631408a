package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import java.io.InputStream;

/** An artifact that was opened; whoever gets it closes the stream. */
public record OpenArtifact(ArtifactEntry entry, InputStream bytes) {
    public OpenArtifact {
        requireNonNull(entry, "entry");
        requireNonNull(bytes, "bytes");
    }
}
