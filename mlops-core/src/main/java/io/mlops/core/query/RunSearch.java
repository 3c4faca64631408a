package io.mlops.core.query;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A query, parsed once: which runs, and in which order. Immutable. */
public final class RunSearch {
    private record Found<R>(R run, RunPlace place) {}

    private final Predicate<Searchable> filter;
    private final RunOrder order;
    private final Visibility visibility;

    private RunSearch(Predicate<Searchable> filter, RunOrder order, Visibility visibility) {
        this.filter = filter;
        this.order = order;
        this.visibility = visibility;
    }

    /**
     * Parses a query.
     *
     * @throws IllegalArgumentException naming the position at which it cannot be read, and what was expected
     */
    public static RunSearch of(RunQuery query) {
        return new RunSearch(
                Filter.of(query.conditions(), Field.Subject.RUN), RunOrder.of(query.order()), query.visibility());
    }

    /** A page of the runs that match and that the query means to see. */
    public Page<RunInfo> page(Stream<RunInfo> runs, PageRequest request) {
        return page(
                runs.filter(run -> visibility.shows(run.deleted())).map(Searchable.OfRun::new),
                Searchable.OfRun::run,
                request);
    }

    /**
     * A page of the runs that match, in order. Keeps no more than a page while it looks at them.
     *
     * @param whole asked for the runs on the page only
     * @throws IllegalArgumentException if the token is of another search
     */
    public <R extends Searchable> Page<RunInfo> page(
            Stream<R> runs, Function<? super R, RunInfo> whole, PageRequest request) {
        String token = request.token();
        RunPlace after = token == null ? null : order.read(token);
        PriorityQueue<Found<R>> best = new PriorityQueue<>((a, b) -> order.compare(b.place(), a.place()));
        runs.filter(filter).forEach(run -> offer(new Found<>(run, order.place(run)), after, best, request.limit()));
        List<Found<R>> sorted = new ArrayList<>(best);
        sorted.sort((a, b) -> order.compare(a.place(), b.place()));
        boolean more = sorted.size() > request.limit();
        List<Found<R>> page = more ? sorted.subList(0, request.limit()) : sorted;
        return new Page<>(
                page.stream().map(found -> whole.apply(found.run())).toList(),
                more ? page.get(page.size() - 1).place().token() : null);
    }

    private <R> void offer(Found<R> found, @Nullable RunPlace after, PriorityQueue<Found<R>> best, int limit) {
        if (after != null && order.compare(found.place(), after) <= 0) {
            return;
        }
        // One more than the page tells whether there is another page.
        if (best.size() <= limit) {
            best.add(found);
        } else if (order.compare(found.place(), best.element().place()) < 0) {
            best.remove();
            best.add(found);
        }
    }
}
