package io.mlops.backends.http.search;

import io.mlops.core.query.WholeRun;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The runs of several listings of one order as one, each of them once, in that order. Not thread-safe. */
final class MergedRuns implements Iterator<WholeRun> {
    private final List<RunListing> listings;
    private final Comparator<? super WholeRun> order;
    /** The runs that came, since listings may have some in common, and go on while runs are made. */
    private final Set<String> seen = new HashSet<>();

    private @Nullable WholeRun next;

    MergedRuns(List<RunListing> listings, Comparator<? super WholeRun> order) {
        this.listings = listings;
        this.order = order;
    }

    @Override
    public boolean hasNext() {
        RunListing first = next == null ? first() : null;
        while (next == null && first != null) {
            WholeRun run = first.next();
            if (seen.add(run.id())) {
                next = run;
            } else {
                first = first();
            }
        }
        return next != null;
    }

    private @Nullable RunListing first() {
        RunListing first = null;
        for (RunListing listing : listings) {
            if (listing.hasNext() && (first == null || order.compare(listing.peek(), first.peek()) < 0)) {
                first = listing;
            }
        }
        return first;
    }

    @Override
    public WholeRun next() {
        WholeRun run = hasNext() ? next : null;
        if (run == null) {
            throw new NoSuchElementException("there are no more runs");
        }
        next = null;
        return run;
    }
}
