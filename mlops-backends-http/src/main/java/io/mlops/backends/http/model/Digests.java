package io.mlops.backends.http.model;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Digests contents that are sent later. Not for instances. */
final class Digests {
    private Digests() {}

    static ArtifactEntry of(RelativePath path, Content content) {
        try {
            return ContentCopy.copy(path, content, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written", e);
        }
    }
}
