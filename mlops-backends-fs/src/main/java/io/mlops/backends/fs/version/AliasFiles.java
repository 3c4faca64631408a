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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The aliases of one kind of thing, one file per move: {@code aliases-<revision>.json} holds the move and the map after
 * it. A process that links the next revision has moved the alias; one that finds it taken looks again. So there is no
 * lock, readers see a map before or after a move, and the history is the same files. Thread-safe.
 */
final class AliasFiles {
    private static final Pattern NAME = Pattern.compile("aliases-([0-9]{8,18})\\.json");
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

    /**
     * Reads where the aliases of a name point now.
     *
     * @throws CorruptDataException if the newest revision is damaged: an older one would be taken for the truth
     */
    Aliases current(String name) throws IOException {
        SortedSet<Long> revisions = revisions(name);
        while (!revisions.isEmpty()) {
            long last = revisions.last();
            SortedSet<Long> earlier = revisions.headSet(last);
            Json json = newest(file(name, last), last, earlier);
            if (json != null) {
                return new Aliases(last, Documents.decode(json, AliasJson::aliases), json);
            }
            revisions = earlier;
        }
        return new Aliases(0, Map.of(), null);
    }

    /** Reads a revision; null, with a warning, if no move made it. */
    private @Nullable Json newest(Path file, long revision, SortedSet<Long> earlier) throws IOException {
        if (!Files.isRegularFile(file)) {
            store.damage().unreadable(file, new NoSuchFileException(file + " is no file"));
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
        Aliases now = current(name);
        while (true) {
            AliasEvent event = AliasState.of(now.byName()).event(move, by, at);
            long revision = now.revision() + 1;
            Path file = file(name, revision);
            if (revision > MAX_REVISION) {
                throw inTheWay(file(name, now.revision()), name);
            }
            if (store.documents().claim(file, AliasJson.revision(now.document(), revision, event))) {
                return event;
            }
            now = current(name);
            if (now.revision() < revision) {
                throw inTheWay(file, name);
            }
        }
    }

    private CorruptDataException inTheWay(Path file, String name) {
        return new CorruptDataException(
                file + " is in the way of the next move of an alias of " + kind.noun() + " " + name
                        + ", and no move made it: look at it and take it away",
                null);
    }

    /** Lists the revisions of a name, ascending; warns about files whose names are almost those of revisions. */
    SortedSet<Long> revisions(String name) throws IOException {
        SortedSet<Long> revisions = new TreeSet<>();
        for (String entry : store.disk().names(Layout.named(kind.registry(), name))) {
            Matcher matcher = NAME.matcher(entry);
            if (matcher.matches() && entry.equals(nameOf(Long.parseLong(matcher.group(1))))) {
                revisions.add(Long.valueOf(matcher.group(1)));
            } else if (entry.startsWith("aliases-")) {
                Path odd = Layout.named(kind.registry(), name).resolve(entry);
                store.damage().unreadable(odd, new IOException("no revision of the aliases has this name"));
            }
        }
        return revisions;
    }

    /** Reads the moves that made these revisions; damaged ones are left out with a warning. */
    List<AliasEvent> moves(String name, List<Long> revisions) throws IOException {
        List<AliasEvent> found = new ArrayList<>();
        for (long revision : revisions) {
            Path file = file(name, revision);
            try {
                Json json = store.documents().find(file);
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

    private Path file(String name, long revision) {
        return Layout.named(kind.registry(), name).resolve(nameOf(revision));
    }

    /** Returns the name of a revision's file, in ASCII digits whatever the digits of the user's language are. */
    private static String nameOf(long revision) {
        return String.format(Locale.ROOT, "aliases-%08d.json", revision);
    }
}
