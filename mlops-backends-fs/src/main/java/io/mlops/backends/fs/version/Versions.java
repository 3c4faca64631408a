package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.VersionReference;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.query.Pages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions and aliases of one kind of thing. Thread-safe.
 *
 * @param <T> a version as it was made
 */
public final class Versions<T> {
    /**
     * The outcome of a draft.
     *
     * @param number of the version that has the draft's key
     * @param files what was stored; null if the version was there already
     */
    public record Made(int number, @Nullable List<ArtifactEntry> files) {}

    private final Store store;
    private final VersionFolders<T> folders;
    private final VersionMaker<T> maker;
    private final AliasFiles aliases;

    /** The versions of this kind in a store. */
    public Versions(Store store, VersionKind<T> kind) {
        this.store = store;
        this.folders = new VersionFolders<>(store, kind);
        this.maker = new VersionMaker<>(store, kind, folders);
        this.aliases = new AliasFiles(store, kind);
    }

    /** Makes a version, unless one has the draft's key already; either is durable then. */
    public Made make(VersionDraft draft) throws IOException {
        return maker.make(draft);
    }

    /**
     * The number that a reference leads to; null if to none. A number that is given may be that of no version.
     *
     * @throws NotFoundException if an alias points to a version that is gone
     */
    public @Nullable Integer number(VersionReference reference) throws IOException {
        if (reference instanceof VersionReference.Numbered numbered) {
            return numbered.number();
        }
        if (reference instanceof VersionReference.Digested digested) {
            return firstWith(digested);
        }
        if (reference instanceof VersionReference.Aliased aliased) {
            return target(aliased);
        }
        throw new IllegalStateException("no case for " + reference.getClass().getName());
    }

    private @Nullable Integer firstWith(VersionReference.Digested reference) throws IOException {
        for (int number : folders.numbers(reference.name())) {
            Manifest<T> manifest = folders.soundManifest(reference.name(), number);
            if (manifest != null && reference.digest().equals(manifest.digest())) {
                return number;
            }
        }
        return null;
    }

    private @Nullable Integer target(VersionReference.Aliased reference) throws IOException {
        String name = reference.name();
        if (reference.alias().equals(VersionReference.Aliased.LATEST)) {
            int latest = folders.greatest(name);
            return latest == 0 ? null : latest;
        }
        Integer target = aliases.current(name).byName().get(reference.alias());
        if (target != null && folders.manifest(name, target) == null) {
            throw new NotFoundException("alias " + reference + " points to " + name + "/" + target
                    + ", which is not there: move the alias");
        }
        return target;
    }

    /** The numbers that something in the folder of a name has, ascending; it may be no version. */
    public List<Integer> numbers(String name) throws IOException {
        return folders.numbers(name);
    }

    /** Whether a name has a version, readable or not. */
    public boolean exist(String name) throws IOException {
        return folders.greatest(name) > 0;
    }

    /** The manifest of a version; null if there is none of this name. */
    public @Nullable Manifest<T> manifest(String name, int number) throws IOException {
        return folders.manifest(name, number);
    }

    /** The folder of a version. */
    public Path folder(String name, int number) {
        return folders.folder(name, number);
    }

    /**
     * What the manifest of a version names, in the order of the paths.
     *
     * @throws NotFoundException if there is no such version
     */
    public Map<RelativePath, ArtifactEntry> files(String name, int number) throws IOException {
        return folders.files(name, number);
    }

    /**
     * Like {@link #files}, after a look at what really lies there.
     *
     * @throws CorruptDataException if a file lies there that the manifest does not name and that nobody leaves behind
     */
    public Map<RelativePath, ArtifactEntry> checkedFiles(String name, int number) throws IOException {
        return folders.checkedFiles(name, number);
    }

    /** Where each alias of a name points. */
    public Map<String, Integer> aliases(String name) throws IOException {
        return aliases.current(name).byName();
    }

    /** Moves an alias to a version that is known to be there, or takes it away. */
    public AliasEvent move(AliasMove move, String by, Instant at) throws IOException {
        if (move.target() != null) {
            // The target's name must be durable before a durable alias points to it.
            store.disk().syncFolder(folders.folder(move.name()));
        }
        return aliases.move(move, by, at);
    }

    /** The moves of the aliases of a name, newest first; those that are damaged are reported and left out. */
    public Page<AliasEvent> history(String name, PageRequest page) throws IOException {
        Page<Long> revisions = Pages.byKey(
                aliases.revisions(name),
                revision -> revision,
                Comparator.reverseOrder(),
                Long::valueOf,
                String::valueOf,
                page);
        List<AliasEvent> moves = aliases.moves(name, revisions.items());
        return new Page<>(moves, revisions.next());
    }
}
