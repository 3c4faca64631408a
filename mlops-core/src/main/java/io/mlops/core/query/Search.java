package io.mlops.core.query;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search, parsed once: the conditions on a subject, and the order of results. Immutable.
 *
 * @param <T> what is searched
 */
public final class Search<T> {
    private record Found<R>(R item, Place place) {}

    private final Predicate<T> filter;
    private final Order<T> order;

    private Search(Predicate<T> filter, Order<T> order) {
        this.filter = filter;
        this.order = order;
    }

    /**
     * Parses a search.
     *
     * @param conditions all of which must hold, each of comparisons joined by AND; an empty one always does
     * @param order terms such as {@code metrics.auc DESC}, before those of the subject
     * @throws IllegalArgumentException naming the position at which one cannot be read, and what was expected
     */
    public static <T> Search<T> of(Subject<T> subject, List<String> conditions, List<String> order) {
        return new Search<>(Filter.of(conditions, subject), Order.of(subject, order));
    }

    /**
     * A page of those that match, in order.
     *
     * @throws IllegalArgumentException if the token is of another search
     */
    public Page<T> page(Stream<? extends T> items, PageRequest request) {
        return page(items, Function.identity(), request);
    }

    /**
     * A page of those that match, in order. Keeps no more than a page while it looks at them.
     *
     * @param items what a store has at hand to decide by, such as a packed record
     * @param whole asked for those on the page only
     * @throws IllegalArgumentException if the token is of another search
     */
    public <R extends T, W> Page<W> page(Stream<R> items, Function<? super R, ? extends W> whole, PageRequest request) {
        String token = request.token();
        Place after = token == null ? null : order.read(token);
        PriorityQueue<Found<R>> best = new PriorityQueue<>((a, b) -> order.compare(b.place(), a.place()));
        items.filter(filter).forEach(item -> offer(new Found<>(item, order.place(item)), after, best, request.limit()));
        List<Found<R>> sorted = new ArrayList<>(best);
        sorted.sort((a, b) -> order.compare(a.place(), b.place()));
        boolean more = sorted.size() > request.limit();
        List<Found<R>> page = more ? sorted.subList(0, request.limit()) : sorted;
        return new Page<>(
                page.stream().<W>map(found -> whole.apply(found.item())).toList(),
                more ? page.get(page.size() - 1).place().token() : null);
    }

    private <R> void offer(Found<R> found, @Nullable Place after, PriorityQueue<Found<R>> best, int limit) {
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
