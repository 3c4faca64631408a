package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
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
     * The version that came of a draft.
     *
     * @param number the number of the version that has the draft's key
     * @param digest the digest of the draft's files, even if that version has others
     * @param files the entries of the files that were written; null if the version was there already
     */
    public record Made(int number, Digest digest, @Nullable List<ArtifactEntry> files) {}

    private final Store store;
    private final VersionFolders<T> folders;
    private final VersionMaker<T> maker;
    private final AliasFiles aliases;

    /** Makes the versions of this kind in a store. */
    public Versions(Store store, VersionKind<T> kind) {
        this.store = store;
        this.folders = new VersionFolders<>(store, kind);
        this.maker = new VersionMaker<>(store, kind, folders);
        this.aliases = new AliasFiles(store, kind);
    }

    /**
     * Makes a version, unless one has the draft's key already; either is durable on return. Readers see the version as
     * a whole or not at all.
     */
    public Made make(VersionDraft draft) throws IOException {
        return maker.make(draft);
    }

    /**
     * Returns the number that a reference leads to; null if it leads to none. A reference by number is not checked.
     *
     * @throws NotFoundException if an alias points to a version that is gone
     */
    public @Nullable Integer number(VersionReference reference) throws IOException {
        if (reference instanceof ModelVersionId numbered) {
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
            return newest(name);
        }
        Integer target = aliases.current(name).byName().get(reference.alias());
        if (target == null && reference.alias().equalsIgnoreCase(VersionReference.Aliased.LATEST)) {
            return newest(name);
        }
        if (target != null && folders.manifest(name, target) == null) {
            throw new NotFoundException("alias " + reference + " points to " + name + "/" + target
                    + ", which is not there in " + store.layout().address() + ": move the alias");
        }
        return target;
    }

    private @Nullable Integer newest(String name) throws IOException {
        int newest = folders.greatest(name);
        return newest == 0 ? null : newest;
    }

    /** Lists the numbers that are taken in the folder of a name, ascending; what has one may be no version. */
    public List<Integer> numbers(String name) throws IOException {
        return folders.numbers(name);
    }

    /** Returns whether a name has a version, damaged ones included. */
    public boolean exist(String name) throws IOException {
        return folders.greatest(name) > 0;
    }

    /** Reads the manifest of a version; null if there is no version of this name and number. */
    public @Nullable Manifest<T> manifest(String name, int number) throws IOException {
        return folders.manifest(name, number);
    }

    /** Returns the folder of a version. */
    public Path folder(String name, int number) {
        return folders.folder(name, number);
    }

    /**
     * Returns the files that the manifest of a version names, in the order of their paths.
     *
     * @throws NotFoundException if there is no such version
     */
    public Map<RelativePath, ArtifactEntry> files(String name, int number) throws IOException {
        return folders.files(name, number);
    }

    /**
     * Returns the files of a version as {@link #files} does, after a check of what really lies in its folder.
     *
     * @throws CorruptDataException if a file lies there that neither the manifest names nor a known program leaves behind
     */
    public Map<RelativePath, ArtifactEntry> checkedFiles(String name, int number) throws IOException {
        return folders.checkedFiles(name, number);
    }

    /** Reads where each alias of a name points now. */
    public Map<String, Integer> aliases(String name) throws IOException {
        return aliases.current(name).byName();
    }

    /** Moves an alias to a version that the caller knows to be there, or takes the alias away; durable on return. */
    public AliasEvent move(AliasMove move, String by, Instant at) throws IOException {
        if (move.target() != null) {
            // The target's name must be durable before a durable alias points to it.
            store.disk().syncFolder(folders.folder(move.name()));
        }
        return aliases.move(move, by, at);
    }

    /** Reads the moves of the aliases of a name, newest first; damaged ones are left out with a warning. */
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
