package io.mlops.backends.fs.version;

import io.mlops.backends.fs.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the moves of one name: the last ones, {@link #KEPT} to {@link #MOST} of them, lie where every look for an alias
 * lists them, so that the look costs the same however many there were; older ones lie in a folder below. Thread-safe.
 */
final class AliasFolder {
    /** Number of moves that stay where looks list them, when older ones are put aside. */
    static final int KEPT = 8;
    /** Number of moves there at which the older ones are put aside. */
    static final int MOST = 16;

    /** Number of moves that are put aside at once: older versions left all of them where looks list them. */
    private static final int MAX_ASIDE = 1000;

    private static final String PAST = "moves";
    private static final Pattern NAME = Pattern.compile("aliases-([0-9]{8,18})\\.json");
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
            if (matcher.matches() && entry.equals(nameOf(Long.parseLong(matcher.group(1))))) {
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
     * Puts older revisions aside if there are too many. Each gets its name there, durably, before it loses the one it
     * had. Never throws, since the move was made: what cannot be put aside is so by a later move.
     *
     * @param newest the revision that was just made
     */
    void putAside(long newest) {
        if (newest % KEPT != 0) {
            return;
        }
        try {
            SortedSet<Long> recent = recent();
            if (recent.size() >= MOST) {
                putAside(recent.headSet(newest - KEPT + 1));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the moves of aliases in {} are put aside later", folder, e);
        }
    }

    private void putAside(SortedSet<Long> older) throws IOException {
        store.links().check(past());
        boolean made = store.disk().makeFolder(past());
        SortedSet<Long> aside = new TreeSet<>();
        for (long revision : older) {
            if (aside.size() < MAX_ASIDE && Files.isRegularFile(recentFile(revision), LinkOption.NOFOLLOW_LINKS)) {
                boolean unused = store.disk().claimFile(recentFile(revision), pastFile(revision));
                aside.add(revision);
            }
        }
        store.disk().syncFolder(past());
        store.anchor(past(), made);
        for (long revision : aside) {
            store.disk().delete(recentFile(revision));
        }
    }

    /** Returns the name of a revision's file, in ASCII digits whatever the digits of the user's language are. */
    private static String nameOf(long revision) {
        return String.format(Locale.ROOT, "aliases-%08d.json", revision);
    }
}
