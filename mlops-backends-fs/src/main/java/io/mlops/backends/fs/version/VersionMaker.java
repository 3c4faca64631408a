package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.FileListDigest;
import io.mlops.backends.fs.store.Documents;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileContentCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The making of versions: all files are written and synced in a staging folder, which then takes the next free number
 * by a rename. Thread-safe.
 */
final class VersionMaker<T> {
    private static final Logger LOG = LoggerFactory.getLogger(VersionMaker.class);

    private final Store store;
    private final VersionKind<T> kind;
    private final VersionFolders<T> versions;

    VersionMaker(Store store, VersionKind<T> kind, VersionFolders<T> versions) {
        this.store = store;
        this.kind = kind;
        this.versions = versions;
    }

    Versions.Made make(VersionDraft draft) throws IOException {
        Set<Integer> looked = new HashSet<>();
        int known = withKey(draft, looked);
        if (known > 0) {
            return durable(draft, known, FileListDigest.of(draft.files()));
        }
        Path staged = store.staging().place();
        try {
            return claim(draft, stage(draft, staged), staged, looked);
        } finally {
            if (Files.exists(staged)) {
                store.disk().deleteTree(staged);
            }
        }
    }

    /**
     * Returns the number of the version that was made with the draft's key, among those not in {@code looked}, to which
     * it adds the others; 0 if there is none.
     */
    private int withKey(VersionDraft draft, Set<Integer> looked) throws IOException {
        List<Integer> numbers = versions.numbers(draft.name());
        for (int i = numbers.size() - 1; i >= 0; i--) {
            int number = numbers.get(i);
            Manifest<T> manifest = looked.contains(number) ? null : versions.soundManifest(draft.name(), number);
            if (manifest != null && manifest.key().equals(draft.key())) {
                return number;
            }
            if (manifest != null) {
                looked.add(number);
            }
        }
        return 0;
    }

    private List<ArtifactEntry> stage(VersionDraft draft, Path staged) throws IOException {
        store.disk().makeFolder(staged);
        List<ArtifactEntry> entries = new ArrayList<>();
        Set<Path> folders = new LinkedHashSet<>();
        for (Map.Entry<RelativePath, Content> file : draft.files().entrySet()) {
            Path target = FilePaths.resolve(staged, file.getKey());
            store.disk().makeFolders(staged, Disk.folderOf(target), folders);
            folders.add(Disk.folderOf(target));
            ArtifactEntry linked = link(draft, file.getKey(), file.getValue(), target);
            entries.add(
                    linked == null
                            ? FileContentCopy.copy(store.disk(), file.getKey(), file.getValue(), target)
                            : linked);
        }
        Json manifest = draft.manifest().apply(entries);
        store.disk().write(staged.resolve(Layout.VERSION), Documents.text(manifest), true);
        folders.add(staged);
        for (Path folder : folders) {
            store.disk().syncFolder(folder);
        }
        return entries;
    }

    /**
     * Gives a content that the store keeps already one more name instead of copying it; all of it is read, so that a
     * damaged one does not become a version. Returns null if it is to be copied: the disk knows no links, or somebody
     * put other bytes in its place meanwhile.
     */
    private @Nullable ArtifactEntry link(VersionDraft draft, RelativePath path, Content content, Path target)
            throws IOException {
        Path kept = draft.kept().file(content);
        if (kept == null) {
            return null;
        }
        try {
            boolean unused = store.disk().claimFile(kept, target);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("{} is copied, since it cannot be linked", kept, e);
            return null;
        }
        ArtifactEntry entry = ContentCopy.copy(path, content, OutputStream.nullOutputStream());
        if (Files.exists(kept) && Files.isSameFile(kept, target)) {
            return entry;
        }
        store.disk().delete(target);
        return null;
    }

    /**
     * Renames the staged folder to the next free number. Numbers are taken in turn, so a number that is taken meanwhile
     * is looked at: its version may have this very key.
     *
     * @param looked the numbers of versions that are known to have other keys
     */
    private Versions.Made claim(VersionDraft draft, List<ArtifactEntry> entries, Path staged, Set<Integer> looked)
            throws IOException {
        String name = draft.name();
        makeFoldersOf(draft);
        int tried = 0;
        while (true) {
            // First the number, then a look at all below it: a version with this key cannot come between.
            int next = free(name);
            int known = withKey(draft, looked);
            if (known > 0) {
                return durable(draft, known, FileListDigest.of(entries));
            }
            Path target = versions.folder(name, next);
            if (next <= tried) {
                throw inTheWay(target, name);
            }
            tried = next;
            if (store.disk().claimFolder(staged, target)) {
                store.disk().syncFolder(versions.folder(name));
                protect(target, entries);
                return new Versions.Made(next, FileListDigest.of(entries), entries);
            }
        }
    }

    /** Makes a version durable that was there already: the process that made it may have died before it could sync. */
    private Versions.Made durable(VersionDraft draft, int known, Digest digest) throws IOException {
        makeFoldersOf(draft);
        store.disk().syncFolder(versions.folder(draft.name()));
        return new Versions.Made(known, digest, null);
    }

    /** Returns the first number after the last version that nothing has yet, or only an empty folder. */
    private int free(String name) throws IOException {
        int last = versions.greatest(name);
        if (last >= VersionFolders.MAX_NUMBER) {
            throw inTheWay(versions.folder(name, last), name);
        }
        int next = last + 1;
        for (Path taken = versions.folder(name, next);
                Files.exists(taken, LinkOption.NOFOLLOW_LINKS)
                        && !(Files.isDirectory(taken, LinkOption.NOFOLLOW_LINKS)
                                && store.disk().names(taken).isEmpty());
                taken = versions.folder(name, next)) {
            next++;
        }
        return next;
    }

    private CorruptDataException inTheWay(Path target, String name) {
        return new CorruptDataException(
                target + " is in the way of the next version of " + kind.noun() + " " + name
                        + ", and no registration made it: look at it and take it away",
                null);
    }

    private void makeFoldersOf(VersionDraft draft) throws IOException {
        Path folder = versions.folder(draft.name());
        Path document = kind.document(draft.name());
        store.links().check(folder);
        store.links().check(document);
        store.disk().makeFolder(kind.versions());
        boolean made = store.disk().makeFolder(folder);
        store.disk().makeFolder(kind.registry());
        boolean madeToo = store.disk().makeFolder(Disk.folderOf(document));
        if (!Files.exists(document)) {
            madeToo |= store.documents().claimLater(document, draft.document().get());
        }
        store.anchor(folder, made);
        store.anchor(document, madeToo);
    }

    /**
     * Makes the files of a version read-only, so that programs that load it in place do not change it; never throws.
     */
    private static void protect(Path folder, List<ArtifactEntry> entries) {
        try {
            for (ArtifactEntry entry : entries) {
                Files.setPosixFilePermissions(
                        FilePaths.resolve(folder, entry.path()), PosixFilePermissions.fromString("r--r--r--"));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the files of {} stay writable", folder, e);
        }
    }
}
