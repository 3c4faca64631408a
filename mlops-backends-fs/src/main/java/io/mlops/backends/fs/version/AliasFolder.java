package io.mlops.backends.fs.version;

import io.mlops.backends.fs.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the moves of one name: the last ones, at most three rounds of them, lie where every look for an alias
 * lists them, so that the look costs the same however many there were; older ones lie in a folder below. Thread-safe.
 */
final class AliasFolder {
    /** Number of moves after which older ones are put aside, and of those that are not old. */
    private static final int ROUND = 8;

    /** Number of moves from which on there are old ones: a round that is not old, and one that is. */
    private static final int MANY = 2 * ROUND;

    /** Number of moves that are put aside at once: older versions left all of them where looks list them. */
    private static final int MAX_LINKED = 1000;

    private static final String PAST = "moves";
    private static final Pattern NAME = Pattern.compile("aliases-([0-9]{8}|[1-9][0-9]{8,17})\\.json");
    private static final Logger LOG = LoggerFactory.getLogger(AliasFolder.class);

    private final Store store;
    private final Path folder;

    AliasFolder(Store store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /** Lists the last revisions, ascending; warns about files whose names are almost those of revisions. */
    SortedSet<Long> recent() throws IOException {
        return revisions(folder);
    }

    /** Lists all revisions, ascending. */
    SortedSet<Long> all() throws IOException {
        // First the last ones: none is missed that is put aside between the two looks.
        SortedSet<Long> all = recent();
        all.addAll(revisions(past()));
        return all;
    }

    private SortedSet<Long> revisions(Path place) throws IOException {
        SortedSet<Long> revisions = new TreeSet<>();
        for (String entry : store.disk().names(place)) {
            if (!entry.startsWith("aliases-")) {
                continue;
            }
            Matcher matcher = NAME.matcher(entry);
            if (matcher.matches()) {
                revisions.add(Long.valueOf(matcher.group(1)));
            } else {
                store.damage()
                        .unreadable(place.resolve(entry), new IOException("no revision of the aliases has this name"));
            }
        }
        return revisions;
    }

    /** Returns the file of a revision: that which was put aside if there is one, since nothing takes its place. */
    Path file(long revision) {
        Path past = pastFile(revision);
        return Files.exists(past, LinkOption.NOFOLLOW_LINKS) ? past : recentFile(revision);
    }

    /** Returns whether a revision lies where older ones are put aside, and not among the last any more. */
    boolean wasPutAside(long revision) {
        return !Files.exists(recentFile(revision), LinkOption.NOFOLLOW_LINKS)
                && Files.exists(pastFile(revision), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns where a revision lies that is one of the last. */
    Path recentFile(long revision) {
        return folder.resolve(nameOf(revision));
    }

    /** Returns where a revision lies that was put aside. */
    Path pastFile(long revision) {
        return past().resolve(nameOf(revision));
    }

    private Path past() {
        return folder.resolve(PAST);
    }

    /**
     * Puts older revisions aside if there are many. Each gets its name there, durably, a round of moves before it loses
     * the one it had, so that whoever copies the store meanwhile misses none. Never throws, since the move was made: what
     * cannot be put aside is so by a later move.
     *
     * @param newest the revision that was just made
     */
    void putAside(long newest) {
        if (newest % ROUND != 0) {
            return;
        }
        try {
            SortedSet<Long> recent = recent();
            if (recent.size() >= MANY) {
                putAside(recent.headSet(newest - ROUND + 1));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the moves of aliases in {} are put aside later", folder, e);
        }
    }

    private void putAside(SortedSet<Long> older) throws IOException {
        store.links().check(past());
        // The next move makes it durable, with the folder that it is in; no file loses its name before.
        boolean unused = store.disk().makeFolder(past());
        int linked = 0;
        List<Path> asideBefore = new ArrayList<>();
        for (long revision : older) {
            Path file = recentFile(revision);
            if (linked == MAX_LINKED || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (store.disk().claimFile(file, pastFile(revision))) {
                linked++;
            } else {
                asideBefore.add(file);
            }
        }
        store.disk().syncFolder(past());
        for (Path file : asideBefore) {
            store.disk().delete(file);
        }
    }

    /** Returns the name of a revision's file, in ASCII digits whatever the digits of the user's language are. */
    private static String nameOf(long revision) {
        return String.format(Locale.ROOT, "aliases-%08d.json", revision);
    }
}
