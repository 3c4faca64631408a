package io.mlops.core.sync;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.core.artifact.VerifyingStream;
import java.io.InputStream;

/**
 * An artifact of another store as content: opened each time it is read, and compared at its end with what was stored, so
 * that damage is not copied as if it were whole. Thread-safe.
 *
 * @param entry the artifact as it was listed
 */
record CopiedContent(ArtifactStore store, ArtifactOwner owner, ArtifactEntry entry) implements Content {
    @Override
    public long bytes() {
        return entry.bytes();
    }

    @Override
    public InputStream open() {
        OpenArtifact open = store.open(owner, entry.path());
        return new VerifyingStream(
                open.entry(),
                open.bytes(),
                (bytes, digest) -> new CorruptDataException(
                        "artifact '" + entry.path() + "' of " + owner
                                + " is not what was stored: it is damaged, and not copied",
                        null));
    }
}
