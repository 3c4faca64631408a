package io.mlops.backends.http.search;

import io.mlops.api.tracker.RunInfo;
import io.mlops.core.query.RunSearch;
import io.mlops.core.query.WholeRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * All runs that a search finds, in its order, from runs that come in the order of its first terms: keeps no more of them
 * than are equal by those. Not thread-safe.
 */
final class RunsByGroup implements Iterator<RunInfo> {
    private final RunSearch search;
    private final Iterator<WholeRun> runs;
    private final Comparator<? super WholeRun> sorted;
    private Iterator<WholeRun> group = Collections.emptyIterator();
    /** The first run of the next group. */
    private @Nullable WholeRun ahead;

    /**
     * From runs in an order.
     *
     * @param sorted the number of terms that they are sorted by
     */
    RunsByGroup(RunSearch search, Iterator<WholeRun> runs, int sorted) {
        this.search = search;
        this.runs = runs;
        this.sorted = search.comparator(sorted);
    }

    @Override
    public boolean hasNext() {
        while (!group.hasNext() && (ahead != null || runs.hasNext())) {
            group = search.all(nextGroup().stream());
        }
        return group.hasNext();
    }

    private List<WholeRun> nextGroup() {
        WholeRun first = ahead == null ? runs.next() : ahead;
        ahead = null;
        List<WholeRun> equal = new ArrayList<>(List.of(first));
        while (ahead == null && runs.hasNext()) {
            WholeRun run = runs.next();
            if (sorted.compare(run, first) == 0) {
                equal.add(run);
            } else {
                ahead = run;
            }
        }
        return equal;
    }

    @Override
    public RunInfo next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the search has no more results");
        }
        return group.next().run();
    }
}
