package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Links;
import io.mlops.backends.fs.store.Store;
import io.mlops.backends.fs.version.Versions;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileContentCopy;
import io.mlops.core.query.Pages;
import io.mlops.core.query.PathTree;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
    private static final int MAX_NAMED = 10_000;

    private final Store store;
    private final RunFolders runs;
    private final Versions<?> versions;
    private final ArtifactLists lists;

    /** Folders of artifacts whose names this process has made durable; a concurrent map used as a set. */
    private final Map<Path, Boolean> named = new ConcurrentHashMap<>();

    FsArtifactStore(Store store, RunFolders runs, Versions<?> versions) {
        this.store = store;
        this.runs = runs;
        this.versions = versions;
        this.lists = new ArtifactLists(store);
    }

    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
        files.keySet().forEach(Names::checkArtifact);
        String what =
                files.size() == 1 ? "artifact '" + files.keySet().iterator().next() + "'" : files.size() + " artifacts";
        return store.write("store " + what + " of run " + run, store.layout().experiments(), () -> {
            Path folder = runs.get(run);
            files.keySet().forEach(path -> Layout.artifact(folder, path));
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

    private void publish(RunId run, Path folder, Map<ArtifactEntry, Path> staged) throws IOException {
        boolean unused = lists.with(folder, list -> {
            list.checkWritable();
            list.checkFree(
                    "run " + run,
                    staged.keySet().stream().map(ArtifactEntry::path).toList());
            checkFree(run, folder, staged.keySet());
            list.put(staged.keySet(), () -> rename(folder, staged));
            return true;
        });
    }

    /** Renames staged files to their places, and syncs all folders that got new names. */
    private void rename(Path folder, Map<ArtifactEntry, Path> staged) throws IOException {
        Set<Path> touched = new LinkedHashSet<>();
        for (Map.Entry<ArtifactEntry, Path> file : staged.entrySet()) {
            Path target = Layout.artifact(folder, file.getKey().path());
            makeFolders(folder, Disk.folderOf(target), touched);
            store.disk().replace(file.getValue(), target);
            touched.add(Disk.folderOf(target));
        }
        for (Path changed : touched) {
            store.disk().syncFolder(changed);
        }
        touched.forEach(changed -> named.put(changed, true));
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

    /**
     * Refuses artifacts in whose way something lies that is none: made by hand, or by a put that was cut short. A link
     * is no way, since it may lead anywhere.
     */
    private void checkFree(RunId run, Path folder, Set<ArtifactEntry> added) throws IOException {
        Set<Path> looked = new HashSet<>();
        for (ArtifactEntry entry : added) {
            Path target = Layout.artifact(folder, entry.path());
            if (!looked.contains(Disk.folderOf(target))) {
                store.links().check(Disk.folderOf(target));
            }
            Path inTheWay = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) ? target : null;
            for (Path above = Disk.folderOf(target);
                    inTheWay == null && !above.equals(folder) && looked.add(above);
                    above = Disk.folderOf(above)) {
                inTheWay = Files.exists(above) && !Files.isDirectory(above) ? above : null;
            }
            if (inTheWay != null) {
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
                                : lists.with(folder, list -> Optional.ofNullable(list.find(path)));
                    }
                    throw unknown(owner);
                });
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        return store.read("list the artifacts of " + owner, store.layout().root(), () -> {
            if (owner instanceof ModelVersionId version) {
                // One look at what really lies there is enough for all pages.
                Map<RelativePath, ArtifactEntry> files = page.token() == null
                        ? versions.checkedFiles(version.model(), version.number())
                        : filesOf(version);
                PathTree<ArtifactEntry> byPath = new PathTree<>();
                files.forEach(byPath::put);
                return Pages.cut(
                        byPath.oneMore(folder, page),
                        page.limit(),
                        entry -> entry.path().value());
            }
            if (owner instanceof RunId run) {
                return lists.with(runs.get(run), list -> list.page(folder, page));
            }
            throw unknown(owner);
        });
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
                        ArtifactEntry entry =
                                listed(owner, path, filesOf(version).get(path));
                        return opened(owner, entry, FilePaths.resolve(folder, path));
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
        return lists.with(folder, list -> {
            ArtifactEntry entry = listed(run, path, list.find(path));
            Path file = Layout.artifact(folder, path);
            Path link = new Links(folder).find(file);
            if (link != null) {
                throw new RefusedException(
                        "artifact '" + path + "' of " + run + " cannot be read: " + link
                                + " is a link, and nothing is read through one: put there what it leads to",
                        null);
            }
            return opened(run, entry, file);
        });
    }

    private static ArtifactEntry listed(ArtifactOwner owner, RelativePath path, @Nullable ArtifactEntry entry) {
        if (entry == null) {
            throw new NotFoundException("no artifact '" + path + "' of " + owner);
        }
        return entry;
    }

    /** Opens a file after a look at its type: a pipe would never let go of us, and a folder has no bytes. */
    private static OpenArtifact opened(ArtifactOwner owner, ArtifactEntry entry, Path file) throws IOException {
        String what = "artifact '" + entry.path() + "' of " + owner;
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new CorruptDataException(what + " was stored but is no file any more: look at " + file, null);
            }
            return new OpenArtifact(entry, Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            throw new CorruptDataException(what + " was stored but is gone: no file " + file, e);
        } catch (FileSystemException e) {
            if (Files.isDirectory(Disk.folderOf(file))) {
                throw e;
            }
            throw new CorruptDataException(
                    what + " was stored but is gone: " + Disk.folderOf(file) + " is no folder any more", e);
        }
    }
}
