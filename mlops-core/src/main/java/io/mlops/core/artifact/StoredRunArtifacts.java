package io.mlops.core.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.Listing;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.core.disk.WorkFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The artifacts of a run that still runs, over any backend. Thread-safe. */
public final class StoredRunArtifacts implements RunArtifacts {
    /** Bytes of a stream that is kept in memory until it is stored; a longer one goes through a file. */
    private static final int MAX_IN_MEMORY = 1 << 20;

    private final ArtifactStore store;
    private final RunId run;
    private final StoredArtifacts stored;
    private final Progress progress;
    private final Runnable beforePut;
    private final Runnable beforeRead;
    private final @Nullable Path workFolder;

    /**
     * The artifacts of this run.
     *
     * @param beforePut makes sure that the run is there and has not ended, or throws
     * @param beforeRead waits until the run is there, if it can
     * @param workFolder for long streams; the JDK's temporary folder if null
     */
    public StoredRunArtifacts(
            ArtifactStore store, RunId run, Runnable beforePut, Runnable beforeRead, @Nullable Path workFolder) {
        this(store, run, beforePut, beforeRead, workFolder, Progress.none());
    }

    private StoredRunArtifacts(
            ArtifactStore store,
            RunId run,
            Runnable beforePut,
            Runnable beforeRead,
            @Nullable Path workFolder,
            Progress progress) {
        this.store = store;
        this.run = run;
        this.stored = new StoredArtifacts(store, run).progress(progress);
        this.beforePut = beforePut;
        this.beforeRead = beforeRead;
        this.workFolder = workFolder;
        this.progress = progress;
    }

    @Override
    public RunArtifacts progress(Progress listener) {
        return new StoredRunArtifacts(
                store, run, beforePut, beforeRead, workFolder, requireNonNull(listener, "listener"));
    }

    @Override
    public ArtifactEntry put(String path, Content content) {
        RelativePath name = RelativePath.of(path);
        Objects.requireNonNull(content, () -> "the content of artifact '" + name + "' is null");
        return store(name, Map.of(name, content)).get(0);
    }

    @Override
    public ArtifactEntry put(String path, InputStream stream) {
        RelativePath name = RelativePath.of(path);
        try {
            ByteProgress reading = ByteProgress.ofStream(progress, "store " + name);
            InputStream counted = reading.counted(stream);
            byte[] head = counted.readNBytes(MAX_IN_MEMORY);
            ArtifactEntry entry =
                    head.length < MAX_IN_MEMORY ? storeCopy(name, Content.of(head)) : storeLong(name, head, counted);
            reading.finish();
            return entry;
        } catch (IOException e) {
            throw new RefusedException("the content of '" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void put(String path, Path fileOrFolder) {
        RelativePath name = RelativePath.of(path);
        Map<RelativePath, Content> files = new TreeMap<>();
        if (Files.isRegularFile(fileOrFolder)) {
            files.put(name, LocalFiles.file(fileOrFolder));
        } else {
            LocalFiles.below(fileOrFolder).forEach((below, content) -> files.put(below.below(name), content));
        }
        List<ArtifactEntry> unused = store(name, files);
    }

    private List<ArtifactEntry> store(RelativePath what, Map<RelativePath, Content> files) {
        beforePut.run();
        ByteProgress reading = ByteProgress.ofFiles(progress, "store " + what, files.values());
        List<ArtifactEntry> entries = store.put(run, reading.counted(files));
        reading.finish();
        return entries;
    }

    private ArtifactEntry storeCopy(RelativePath name, Content content) {
        beforePut.run();
        return store.put(run, Map.of(name, content)).get(0);
    }

    @Override
    public Listing<ArtifactEntry> list(String folder) {
        beforeRead.run();
        return stored.list(folder);
    }

    @Override
    public Optional<ArtifactEntry> find(String path) {
        beforeRead.run();
        return stored.find(path);
    }

    @Override
    public InputStream open(String path) {
        beforeRead.run();
        return stored.open(path);
    }

    @Override
    public Path download(String path, Path target) {
        beforeRead.run();
        return stored.download(path, target);
    }

    /** Stores a long stream through a file: a stream can be read once, and a store may have to read twice. */
    private ArtifactEntry storeLong(RelativePath name, byte[] head, InputStream stream) throws IOException {
        // A stream may take hours, after which nobody wants to hear that the run has ended.
        beforePut.run();
        WorkFolder work = new WorkFolder(workFolder);
        String what = "copy the content of '" + name + "', which is a long stream";
        Path copy = work.newFile(what, "mlops-artifact-");
        try {
            byte[] buffer = head;
            try (OutputStream out = Files.newOutputStream(copy)) {
                for (int read = head.length; read >= 0; read = stream.read(buffer)) {
                    write(out, buffer, read, work, what);
                }
            }
            return storeCopy(name, Content.of(copy));
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** Tells a work folder that fails from a stream that does. */
    private static void write(OutputStream out, byte[] bytes, int length, WorkFolder work, String what) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw work.failed(what, e);
        }
    }
}
