package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.StoredContent;
import io.mlops.backends.http.wire.WrongLengthException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Contents that are copied here before they are sent: one that lies on the server already, since a server of one worker that
 * takes the upload could not answer the download which the upload waits for, and one that told a wrong length. Not for
 * instances.
 */
final class LocalCopy {
    private LocalCopy() {}

    /** Sends a content, copied first if need be. */
    static ArtifactEntry send(RelativePath path, Content content, Function<Content, ArtifactEntry> sender) {
        if (content instanceof StoredContent) {
            return sendCopy(path, content, sender);
        }
        try {
            return sender.apply(content);
        } catch (WrongLengthException e) {
            return sendCopy(path, content, sender);
        }
    }

    private static ArtifactEntry sendCopy(RelativePath path, Content content, Function<Content, ArtifactEntry> sender) {
        try {
            Path copy = Files.createTempFile("mlops-", ".part");
            try {
                try (OutputStream out = Files.newOutputStream(copy)) {
                    ArtifactEntry unused = ContentCopy.copy(path, content, out);
                }
                return sender.apply(Content.of(copy));
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new BackendUnavailableException(
                    "'" + path + "' cannot be copied to the temporary folder on its way to the server: "
                            + e.getMessage(),
                    false,
                    e);
        }
    }
}
