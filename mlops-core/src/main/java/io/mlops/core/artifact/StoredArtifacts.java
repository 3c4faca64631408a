package io.mlops.core.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.disk.WorkFolder;
import io.mlops.core.query.NotFound;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the artifacts of a run or model version over any backend, and verifies what it reads. Thread-safe. */
public final class StoredArtifacts implements Artifacts {
    private static final int BUFFER_BYTES = 1 << 17;
    /** Number of artifacts that are read for a message. */
    private static final int MAX_COMPARED = 1000;

    private final ArtifactStore store;
    private final ArtifactOwner owner;
    private final Progress progress;

    /** The artifacts of this run or model version. */
    public StoredArtifacts(ArtifactStore store, ArtifactOwner owner) {
        this(store, owner, Progress.none());
    }

    private StoredArtifacts(ArtifactStore store, ArtifactOwner owner, Progress progress) {
        this.store = store;
        this.owner = owner;
        this.progress = progress;
    }

    @Override
    public StoredArtifacts progress(Progress listener) {
        return new StoredArtifacts(store, owner, requireNonNull(listener, "listener"));
    }

    @Override
    public Listing<ArtifactEntry> list(String folder) {
        RelativePath below = folder(folder);
        String what = "artifacts of " + shownOwner() + (below == null ? "" : " below '" + below + "'");
        return Listing.of(what, page -> {
            Page<ArtifactEntry> entries = store.list(owner, below, page);
            if (below != null && entries.items().isEmpty() && page.token() == null) {
                throw noFolder(below);
            }
            return entries;
        });
    }

    private NotFoundException noFolder(RelativePath path) {
        if (store.find(owner, path).isPresent()) {
            return new NotFoundException(
                    "'" + path + "' of " + shownOwner() + " is an artifact and no folder: ask for it by find or open");
        }
        return missing("folder", path);
    }

    /** Says that there is nothing of a path, and what is near: folders, too. */
    private NotFoundException missing(String what, RelativePath path) {
        Set<String> there = new TreeSet<>();
        for (ArtifactEntry entry :
                store.list(owner, null, PageRequest.first(MAX_COMPARED)).items()) {
            String name = entry.path().value();
            for (int end = name.length(); end > 0; end = name.lastIndexOf('/', end - 1)) {
                there.add(name.substring(0, end));
            }
        }
        return NotFound.artifact(what, path.value(), shownOwner(), there);
    }

    private String shownOwner() {
        return (owner instanceof RunId ? "run " : "model version ") + owner;
    }

    @Override
    public Optional<ArtifactEntry> find(String path) {
        return store.find(owner, RelativePath.of(path));
    }

    @Override
    public InputStream open(String path) {
        RelativePath name = RelativePath.of(path);
        VerifyingStream stream;
        try {
            stream = open(name, null);
        } catch (NotFoundException e) {
            throw store.find(owner, name).isPresent() ? e : missing("artifact", name);
        }
        return ByteProgress.ofArtifacts(progress, "read artifact " + path + " of " + owner, List.of(stream.entry()))
                .countedToItsEnd(stream);
    }

    @Override
    public Path download(String path, Path target) {
        RelativePath name = folder(path);
        List<ArtifactEntry> wanted = new ArrayList<>();
        if (name != null) {
            store.find(owner, name).ifPresent(wanted::add);
        }
        if (wanted.isEmpty()) {
            Listing<ArtifactEntry> below = page -> store.list(owner, name, page);
            below.forEach(wanted::add);
        }
        if (wanted.isEmpty()) {
            throw name == null
                    ? new NotFoundException(shownOwner() + " has no artifacts to copy")
                    : missing("artifact and no folder", name);
        }
        ByteProgress reading = ByteProgress.ofArtifacts(progress, "copy artifacts of " + owner, wanted);
        for (ArtifactEntry entry : wanted) {
            try {
                download(entry.path(), null, target, reading);
            } catch (TargetFailed e) {
                throw unavailable(entry.path(), target, e.failure);
            }
        }
        reading.finish();
        return name == null ? target : FilePaths.resolve(target, name);
    }

    /**
     * Copies artifacts below a folder, where each appears once it was verified.
     *
     * @param expected what they must be
     * @param what is being done, for the listener
     * @param work what the folder lies in, which tells why it cannot be written to
     */
    public void download(List<ArtifactEntry> expected, Path folder, String what, WorkFolder work) {
        ByteProgress reading = ByteProgress.ofArtifacts(progress, what, expected);
        try {
            expected.forEach(entry -> download(entry.path(), entry, folder, reading));
        } catch (TargetFailed e) {
            throw work.failed(what, e.failure);
        }
        reading.finish();
    }

    private void download(RelativePath path, @Nullable ArtifactEntry expected, Path folder, ByteProgress reading) {
        // A relative path, such as an empty one, may have no parent.
        Path file = FilePaths.resolve(folder.toAbsolutePath(), path);
        // A name that no artifact of the owner is likely to have, however long the artifact's own name is.
        Path part = file.resolveSibling(".mlops-" + UUID.randomUUID() + ".part");
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = reading.counted(open(path, expected))) {
            try {
                Files.createDirectories(file.getParent());
                try (OutputStream out = Files.newOutputStream(part)) {
                    for (int read = read(in, buffer, path, file); read >= 0; read = read(in, buffer, path, file)) {
                        out.write(buffer, 0, read);
                    }
                } catch (IOException | RuntimeException | Error e) {
                    Files.deleteIfExists(part);
                    throw e;
                }
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new TargetFailed(e);
            }
        } catch (IOException e) {
            throw unavailable(path, file, e);
        }
    }

    private int read(InputStream in, byte[] buffer, RelativePath path, Path file) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw unavailable(path, file, e);
        }
    }

    private BackendUnavailableException unavailable(RelativePath path, Path file, IOException e) {
        return new BackendUnavailableException(
                "artifact '" + path + "' of " + owner + " cannot be copied to " + file + ": " + e.getMessage(),
                false,
                e);
    }

    /** A folder that cannot be written to, which whoever chose it tells of. */
    private static final class TargetFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient IOException failure;

        TargetFailed(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /**
     * Opens an artifact that is verified against the entry given, or else against what the store says while opening.
     */
    private VerifyingStream open(RelativePath path, @Nullable ArtifactEntry expected) {
        OpenArtifact opened = store.open(owner, path);
        ArtifactEntry entry = expected == null ? opened.entry() : expected;
        return VerifyingStream.where("artifact '" + path + "' of " + owner, entry, opened.bytes());
    }

    private static @Nullable RelativePath folder(String path) {
        return path.isEmpty() ? null : RelativePath.of(path);
    }
}
