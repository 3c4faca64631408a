package io.mlops.backends.fs.version;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.spi.AliasState;
import io.mlops.backends.fs.store.Documents;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The aliases of one kind of thing, one file per move: {@code aliases-<revision>.json} holds the move and the map after
 * it. A process that links the next revision has moved the alias; one that finds it taken looks again. So there is no
 * lock, readers see a map before or after a move, and the history is the same files: the last ones in {@link
 * AliasFolder#recent the folder of the name}, where every look goes, older ones below it. Thread-safe.
 */
final class AliasFiles {
    private static final int MAX_LOOKS = 100;
    private static final long MAX_REVISION = 999_999_999_999_999_999L;

    private final Store store;
    private final VersionKind<?> kind;

    AliasFiles(Store store, VersionKind<?> kind) {
        this.store = store;
        this.kind = kind;
    }

    /**
     * The map of aliases after a revision.
     *
     * @param revision the number of the last move; 0 before the first
     * @param document the revision's document; null before the first move
     */
    record Aliases(
            long revision,
            Map<String, Integer> byName,
            @Nullable Json document) {}

    private AliasFolder folder(String name) {
        return new AliasFolder(store, Layout.named(kind.registry(), name));
    }

    /**
     * Reads where the aliases of a name point now.
     *
     * @throws CorruptDataException if the newest revision is damaged: an older one would be taken for the truth
     */
    Aliases current(String name) throws IOException {
        return current(folder(name));
    }

    private Aliases current(AliasFolder folder) throws IOException {
        for (int look = 0; look < MAX_LOOKS; look++) {
            try {
                Aliases recent = newest(folder, folder.recent(), folder::recentFile);
                return recent.revision() > 0 ? recent : newest(folder, folder.all(), folder::file);
            } catch (PutAsideException e) {
                // Others moved so often since the look that it saw nothing of what counts now.
            }
        }
        throw new IOException("the aliases are moved faster than they can be read");
    }

    /** A revision was put aside after it was listed as the newest. */
    private static final class PutAsideException extends Exception {
        private static final long serialVersionUID = 1;
    }

    private Aliases newest(AliasFolder folder, SortedSet<Long> all, LongFunction<Path> place)
            throws IOException, PutAsideException {
        for (SortedSet<Long> revisions = all; !revisions.isEmpty(); revisions = revisions.headSet(revisions.last())) {
            long last = revisions.last();
            Path file = place.apply(last);
            Json json = newest(file, last, revisions.headSet(last));
            if (json != null) {
                return new Aliases(last, Documents.decode(json, AliasJson::aliases), json);
            }
            if (folder.wasPutAside(last)) {
                throw new PutAsideException();
            }
        }
        return new Aliases(0, Map.of(), null);
    }

    /** Reads a revision; null, with a warning, if no move made it. */
    private @Nullable Json newest(Path file, long revision, SortedSet<Long> earlier) throws IOException {
        if (!Files.isRegularFile(file)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                store.damage().unreadable(file, new NoSuchFileException(file + " is no file"));
            }
            return null;
        }
        if (earlier.isEmpty() || earlier.last() == revision - 1) {
            return store.documents().find(file);
        }
        // Moves are numbered in turn: a file after a gap counts only if it says itself that it is this revision.
        try {
            Json json = store.documents().find(file);
            if (json != null && json.number("revision") == revision) {
                return json;
            }
            throw new CorruptDataException(file + " is not revision " + revision + " of the aliases", null);
        } catch (CorruptDataException e) {
            store.damage().unreadable(file, e);
            return null;
        }
    }

    /**
     * Moves an alias to a version that the caller knows to be there, or takes the alias away. The move is durable on
     * return; of moves at the same time, each is made after the other.
     */
    AliasEvent move(AliasMove move, String by, Instant at) throws IOException {
        String name = move.name();
        AliasFolder folder = folder(name);
        store.links().check(Layout.named(kind.registry(), name));
        Aliases now = current(folder);
        while (true) {
            AliasEvent event = AliasState.of(now.byName()).event(move, by, at);
            long revision = now.revision() + 1;
            if (revision > MAX_REVISION) {
                throw inTheWay(folder.recentFile(now.revision()), name);
            }
            if (claim(folder, name, AliasJson.revision(now.document(), revision, event), event)) {
                folder.putAside(revision);
                return event;
            }
            now = current(folder);
            if (now.revision() < revision) {
                throw inTheWay(folder.recentFile(revision), name);
            }
        }
    }

    /**
     * Makes the next revision unless it was made before. Whoever slept while so many moves were made that its revision
     * was put aside finds the name free again, and has not moved anything.
     */
    private boolean claim(AliasFolder folder, String name, Json next, AliasEvent event) throws IOException {
        long revision = next.number("revision");
        Path file = folder.recentFile(revision);
        if (!store.documents().claim(file, next)) {
            return false;
        }
        Json aside = store.documents().find(folder.pastFile(revision));
        if (aside == null || isMoveOf(aside, name, event)) {
            return true;
        }
        store.disk().delete(file);
        return false;
    }

    private static boolean isMoveOf(Json revision, String name, AliasEvent event) {
        AliasEvent made = Documents.decode(revision, json -> AliasJson.move(json, name));
        return made.at().equals(event.at())
                && made.by().equals(event.by())
                && made.move().reason().equals(event.move().reason())
                && made.move().alias().equals(event.move().alias())
                && Objects.equals(made.move().target(), event.move().target())
                && Objects.equals(made.before(), event.before());
    }

    private CorruptDataException inTheWay(Path file, String name) {
        return new CorruptDataException(
                file + " is in the way of the next move of an alias of " + kind.noun() + " " + name
                        + ", and no move made it: look at it and take it away",
                null);
    }

    /** Lists the revisions of a name, ascending. */
    SortedSet<Long> revisions(String name) throws IOException {
        return folder(name).all();
    }

    /** Reads the moves that made these revisions; damaged ones are left out with a warning. */
    List<AliasEvent> moves(String name, List<Long> revisions) throws IOException {
        AliasFolder folder = folder(name);
        List<AliasEvent> found = new ArrayList<>();
        for (long revision : revisions) {
            Path file = folder.file(revision);
            try {
                Json json = store.documents().find(file);
                if (json == null) {
                    // It may have been put aside just now.
                    file = folder.file(revision);
                    json = store.documents().find(file);
                }
                if (json == null) {
                    throw new NoSuchFileException(file + " is no file");
                }
                found.add(Documents.decode(json, move -> AliasJson.move(move, name)));
            } catch (IOException | MlopsException e) {
                store.damage().unreadable(file, e);
            }
        }
        return found;
    }
}
