package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.backends.fs.version.Versions;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileContentCopy;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.disk.StampedCache;
import io.mlops.core.query.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The artifact store on files: those of runs lie below {@code artifacts/} and are listed in {@code artifacts.json},
 * those of model versions are listed in the manifest. Thread-safe.
 */
final class FsArtifactStore implements ArtifactStore {
    private static final int MAX_REMEMBERED = 16;
    private static final int MAX_NAMED = 10_000;

    private final Store store;
    private final RunFolders runs;
    private final Versions<?> versions;
    /**
     * Lists that were read last, by the folders of their runs, since a download of a folder asks for each of its files.
     * A cached list is never changed.
     */
    private final StampedCache<Path, ArtifactList> lists = new StampedCache<>(MAX_REMEMBERED);

    /** Folders of artifacts whose names this process has made durable; a concurrent map used as a set. */
    private final Map<Path, Boolean> named = new ConcurrentHashMap<>();

    FsArtifactStore(Store store, RunFolders runs, Versions<?> versions) {
        this.store = store;
        this.runs = runs;
        this.versions = versions;
    }

    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
        String what =
                files.size() == 1 ? "artifact '" + files.keySet().iterator().next() + "'" : files.size() + " artifacts";
        return store.write("store " + what + " of run " + run, store.layout().experiments(), () -> {
            Path folder = runs.get(run);
            files.keySet().forEach(path -> FilePaths.resolve(folder, path));
            Map<ArtifactEntry, Path> staged = stage(files);
            try {
                store.lock().in("run " + run, () -> publish(run, folder, staged));
            } finally {
                for (Path left : staged.values()) {
                    store.disk().delete(left);
                }
            }
            return List.copyOf(staged.keySet());
        });
    }

    private Map<ArtifactEntry, Path> stage(Map<RelativePath, Content> files) throws IOException {
        Map<ArtifactEntry, Path> staged = new LinkedHashMap<>();
        try {
            for (Map.Entry<RelativePath, Content> file : new TreeMap<>(files).entrySet()) {
                Path place = store.staging().place();
                staged.put(FileContentCopy.copy(store.disk(), file.getKey(), file.getValue(), place), place);
            }
            return staged;
        } catch (IOException | RuntimeException | Error e) {
            for (Path left : staged.values()) {
                store.disk().delete(left);
            }
            throw e;
        }
    }

    /**
     * Renames staged files to their places, syncs, then writes the list, so that what it names is whole. Where files
     * are replaced, the list says so before the first rename, so that whatever happens between leaves each of them old
     * or new.
     */
    private void publish(RunId run, Path folder, Map<ArtifactEntry, Path> staged) throws IOException {
        Path document = folder.resolve(Layout.ARTIFACT_LIST);
        ArtifactList list = listToChange(folder);
        list.checkWritable();
        list.checkTree(staged.keySet().stream().map(ArtifactEntry::path).toList(), "run " + run);
        Path root = Layout.artifacts(folder);
        checkFree(run, root, staged.keySet());
        Set<Path> unsynced = new LinkedHashSet<>();
        list.resolveReplacements().forEach(path -> unsynced.add(Disk.folderOf(FilePaths.resolve(root, path))));
        for (Path renamedInto : unsynced) {
            // The put that was cut short may not have synced its renames: a list that tells of them must not be durable
            // before
            // them.
            if (Files.isDirectory(renamedInto)) {
                store.disk().syncFolder(renamedInto);
            }
        }
        Json announced = list.announcing(staged.keySet());
        if (announced != null) {
            store.documents().replace(document, announced);
        }
        Set<Path> touched = new LinkedHashSet<>();
        for (Map.Entry<ArtifactEntry, Path> file : staged.entrySet()) {
            Path target = FilePaths.resolve(root, file.getKey().path());
            makeFolders(folder, Disk.folderOf(target), touched);
            store.disk().replace(file.getValue(), target);
            touched.add(Disk.folderOf(target));
        }
        for (Path changed : touched) {
            store.disk().syncFolder(changed);
        }
        touched.forEach(changed -> named.put(changed, true));
        store.documents().replace(document, list.with(staged.keySet()));
    }

    /**
     * Makes the missing folders, and notes in which folders names are to be synced: one that is there already may be of
     * a process that died before its sync.
     */
    private void makeFolders(Path run, Path folder, Set<Path> changed) throws IOException {
        store.disk().makeFolders(run, folder, changed);
        for (Path above = folder; !above.equals(run); above = Disk.folderOf(above)) {
            if (!named.containsKey(above)) {
                changed.add(Disk.folderOf(above));
            }
        }
        if (named.size() > MAX_NAMED) {
            named.clear();
        }
    }

    /** Refuses artifacts in whose way something lies that is none: made by hand, or by a put that was cut short. */
    private static void checkFree(RunId run, Path root, Set<ArtifactEntry> added) {
        Set<Path> folders = new HashSet<>();
        for (ArtifactEntry entry : added) {
            Path target = FilePaths.resolve(root, entry.path());
            boolean free = !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
            Path inTheWay = target;
            for (Path above = Disk.folderOf(target);
                    free && above.startsWith(root) && folders.add(above);
                    above = Disk.folderOf(above)) {
                free = Files.isDirectory(above) || !Files.exists(above, LinkOption.NOFOLLOW_LINKS);
                inTheWay = above;
            }
            if (!free) {
                throw new ConflictException("artifact '" + entry.path() + "' of run " + run + " cannot be stored: "
                        + inTheWay + " is in the way and no artifact; take it away");
            }
        }
    }

    @Override
    public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
        return store.read(
                "find artifact " + path + " of " + owner, store.layout().root(), () -> {
                    if (owner instanceof ModelVersionId version) {
                        return Optional.ofNullable(filesOf(version).get(path));
                    }
                    if (owner instanceof RunId run) {
                        Path folder = runs.find(run);
                        return folder == null
                                ? Optional.empty()
                                : Optional.ofNullable(list(folder).find(path));
                    }
                    throw unknown(owner);
                });
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        return store.read("list the artifacts of " + owner, store.layout().root(), () -> {
            List<ArtifactEntry> below = new ArrayList<>(entries(owner, page));
            below.removeIf(entry -> folder != null && !entry.path().isBelow(folder));
            return Pages.byPath(below, page);
        });
    }

    private Collection<ArtifactEntry> entries(ArtifactOwner owner, PageRequest page) throws IOException {
        if (owner instanceof ModelVersionId version) {
            // One look at what really lies there is enough for all pages.
            return page.token() == null
                    ? versions.checkedFiles(version.model(), version.number()).values()
                    : filesOf(version).values();
        }
        if (owner instanceof RunId run) {
            return list(runs.get(run)).entries();
        }
        throw unknown(owner);
    }

    private Map<RelativePath, ArtifactEntry> filesOf(ModelVersionId version) throws IOException {
        return versions.files(version.model(), version.number());
    }

    private static IllegalStateException unknown(ArtifactOwner owner) {
        return new IllegalStateException("no case for " + owner.getClass().getName());
    }

    @Override
    public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
        return store.read(
                "open artifact " + path + " of " + owner, store.layout().root(), () -> {
                    if (owner instanceof ModelVersionId version) {
                        Path folder = versions.folder(version.model(), version.number());
                        return opened(owner, path, filesOf(version).get(path), folder);
                    }
                    if (owner instanceof RunId run) {
                        return openOfRun(run, path);
                    }
                    throw unknown(owner);
                });
    }

    /**
     * Opens a file of a run under the run's lock, so that entry and file belong together; without it in a store that
     * this process cannot write to.
     */
    private OpenArtifact openOfRun(RunId run, RelativePath path) throws IOException {
        Path folder = runs.get(run);
        return Files.isWritable(store.layout().root())
                ? store.lock().in("run " + run, () -> openedOfRun(run, path, folder))
                : openedOfRun(run, path, folder);
    }

    private OpenArtifact openedOfRun(RunId run, RelativePath path, Path folder) throws IOException {
        return opened(run, path, list(folder).find(path), Layout.artifacts(folder));
    }

    /** Reads the list of a run, from the cache if it may; the caller must not change it. */
    private ArtifactList list(Path folder) throws IOException {
        FileStamp stamp;
        try {
            stamp = FileStamp.of(folder.resolve(Layout.ARTIFACT_LIST));
        } catch (NoSuchFileException nothingStored) {
            return listToChange(folder);
        }
        ArtifactList known = lists.find(folder, stamp);
        if (known != null) {
            return known;
        }
        ArtifactList list = listToChange(folder);
        if (!list.hasReplacements()) {
            lists.put(folder, stamp, list);
        }
        return list;
    }

    private ArtifactList listToChange(Path folder) throws IOException {
        return ArtifactList.of(Layout.artifacts(folder), store.documents().find(folder.resolve(Layout.ARTIFACT_LIST)));
    }

    private static OpenArtifact opened(ArtifactOwner owner, RelativePath path, @Nullable ArtifactEntry entry, Path root)
            throws IOException {
        if (entry == null) {
            throw new NotFoundException("no artifact '" + path + "' of " + owner);
        }
        Path file = FilePaths.resolve(root, path);
        try {
            return new OpenArtifact(entry, Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            throw new CorruptDataException(
                    "artifact '" + path + "' of " + owner + " was stored but is gone: no file " + file, e);
        }
    }
}
