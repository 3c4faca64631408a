package io.mlops.backends.fs;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.MlopsException;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.EnvironmentJson;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The environments of the runs of a store, each written once under the digest of its bytes, however many runs name it.
 * Thread-safe.
 */
final class Environments {
    private record Stored(RunEnvironment environment, Digest digest) {}

    private final Store store;
    /**
     * The environment that was stored last, most often this process's own, so that a run that ends need not write it as
     * text again. Any thread may set it.
     */
    private volatile @Nullable Stored last;

    Environments(Store store) {
        this.store = store;
    }

    /**
     * Makes the environment that the changes hold durable, and then puts its digest into the run's document. If that
     * fails twice, the run goes on without, with a warning: what else the run recorded must not wait for it.
     */
    void apply(List<RunChange> changes, Json run) {
        for (RunChange change : changes) {
            if (change instanceof RunFact.RanIn ranIn) {
                Digest digest = storeIfPossible(ranIn.environment());
                if (digest != null) {
                    RunJson.putEnvironment(run, digest);
                }
            }
        }
    }

    private @Nullable Digest storeIfPossible(RunEnvironment environment) {
        try {
            try {
                return write(environment);
            } catch (IOException once) {
                return write(environment);
            }
        } catch (IOException | MlopsException e) {
            store.damage().environmentNotStored(store.layout().environments(), e);
            return null;
        }
    }

    private Digest write(RunEnvironment environment) throws IOException {
        Stored known = last;
        if (known != null
                && known.environment().equals(environment)
                && Files.exists(store.layout().environment(known.digest()))) {
            return known.digest();
        }
        Json json = EnvironmentJson.write(environment, Format.stamp(Json.object()));
        // Its name is a digest of all of it, so that it needs no checksum.
        byte[] bytes = json.bytes();
        Digest digest = digestOf(bytes);
        Path file = store.layout().environment(digest);
        store.disk().makeFolder(Disk.folderOf(file));
        boolean made = store.documents().claimLater(file, bytes);
        if (!made && !Arrays.equals(bytes(file), bytes)) {
            // A file that differs under the name of its digest is damaged, and here is what it held.
            store.documents().replace(file, bytes);
        }
        store.anchor(file, made);
        last = new Stored(environment, digest);
        return digest;
    }

    private byte[] bytes(Path file) throws IOException {
        try {
            return store.disk().read(file);
        } catch (CorruptDataException e) {
            store.damage().unreadable(file, e);
            return new byte[0];
        }
    }

    /** Reads the environment of the run with this document; null if the document names none. */
    @Nullable
    RunEnvironment of(Json run) throws IOException {
        Digest digest = RunJson.environment(run);
        if (digest == null) {
            return null;
        }
        Path file = store.layout().environment(digest);
        try {
            byte[] bytes = store.disk().read(file);
            if (!digestOf(bytes).equals(digest)) {
                throw new CorruptDataException(file + " is not what was written: put back what was there", null);
            }
            return EnvironmentJson.read(Format.checkReadable(Json.parse(bytes, file.toString())));
        } catch (NoSuchFileException e) {
            throw new CorruptDataException(file + " is missing, and " + run.source() + " names it: put it back", e);
        }
    }

    private static Digest digestOf(byte[] bytes) {
        return Digest.sha256(ContentCopy.sha256().digest(bytes));
    }
}
