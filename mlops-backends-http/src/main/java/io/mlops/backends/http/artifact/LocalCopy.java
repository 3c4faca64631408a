package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.StoredContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Bytes that lie on the server already, copied here before they are sent back under another name. A server of one worker
 * that takes the upload could not answer the download which the upload waits for. Not for instances.
 */
final class LocalCopy {
    private LocalCopy() {}

    /** Sends a content that may lie on the same server. */
    static ArtifactEntry send(RelativePath path, Content content, Function<Content, ArtifactEntry> sender) {
        if (!(content instanceof StoredContent)) {
            return sender.apply(content);
        }
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
                    "'" + path + "' cannot be copied to the temporary folder on its way to another name: "
                            + e.getMessage(),
                    false,
                    e);
        }
    }
}
