package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.backends.http.wire.Download;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a file that somebody may be replacing: a server may break off in its middle then, or give bytes that do not belong
 * to what was listed. A short one is read whole and checked before it is handed out.
 */
record Opening(RemoteFiles files, Place place, RelativePath path) {
    private static final long SHORT = 1 << 20;
    private static final int TRIES = 20;

    /**
     * Opens the file.
     *
     * @param finding tells what it is now
     */
    OpenArtifact open(Supplier<ArtifactEntry> finding) {
        ArtifactEntry entry = finding.get();
        @Nullable IOException last = null;
        for (int tried = 0; tried < TRIES; tried++) {
            if (entry.bytes() > SHORT) {
                return new OpenArtifact(entry, new ResumedStream(files, place, path, entry.bytes()));
            }
            try {
                byte[] bytes = read();
                if (belongs(bytes, entry)) {
                    return opened(entry, bytes);
                }
                // Replaced between the two looks: what was read is then what is there now.
                ArtifactEntry now = finding.get();
                boolean same = now.equals(entry) && bytes.length == now.bytes() && tried > 0;
                if (same || belongs(bytes, now)) {
                    return opened(now, bytes);
                }
                entry = now;
            } catch (IOException e) {
                last = e;
                entry = finding.get();
            }
        }
        throw new BackendUnavailableException(
                "artifact '" + path + "' is replaced so often that it cannot be read whole", false, last);
    }

    private static OpenArtifact opened(ArtifactEntry entry, byte[] bytes) {
        return new OpenArtifact(entry, new ByteArrayInputStream(bytes));
    }

    private byte[] read() throws IOException {
        try (Download download = files.open(place, path, 0, null)) {
            return download.bytes().readNBytes((int) SHORT + 1);
        } catch (NotFoundException replacedMeanwhile) {
            throw new IOException(replacedMeanwhile);
        }
    }

    private static boolean belongs(byte[] bytes, ArtifactEntry entry) {
        Digest digest = entry.digest();
        return bytes.length == entry.bytes()
                && (digest == null
                        || digest.equals(Digest.sha256(ContentCopy.sha256().digest(bytes))));
    }
}
