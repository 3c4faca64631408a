package io.mlops.api.spi;

import io.mlops.api.artifact.ArtifactEntry;
import java.io.InputStream;

/** An artifact that was opened; whoever gets it closes the stream. */
public record OpenArtifact(ArtifactEntry entry, InputStream bytes) {}
