package io.mlops.core.query;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
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
    /** A result with its rank in the order, by which most comparisons are decided. */
    private record Found<R>(R item, long rank) {}

    /** The place after which a page begins, with its rank. */
    private record After(Place place, long rank) {}

    private final List<Comparison<T>> comparisons;
    private final Predicate<T> filter;
    private final Order<T> order;
    /** The words of the search, to which its tokens are bound. */
    private final String words;

    private Search(List<Comparison<T>> comparisons, Order<T> order, String words) {
        this.comparisons = comparisons;
        this.filter = Comparison.all(comparisons);
        this.order = order;
        this.words = words;
    }

    /**
     * Parses a search.
     *
     * @param conditions all of which must hold, each of comparisons joined by AND; an empty one always does
     * @param order terms such as {@code metrics.auc DESC}, before those of the subject
     * @throws IllegalArgumentException naming the position at which one cannot be read, and what was expected; or if there
     *     is more of it than {@link Limits} has
     */
    public static <T> Search<T> of(Subject<T> subject, List<String> conditions, List<String> order) {
        long characters = Stream.concat(conditions.stream(), order.stream())
                .mapToLong(String::length)
                .sum();
        if (characters > Limits.QUERY_CHARACTERS) {
            throw new IllegalArgumentException("a search takes " + Limits.QUERY_CHARACTERS + " characters at most, not "
                    + characters + ": search for less, and look at what is found");
        }
        return new Search<>(
                Filter.of(conditions, subject),
                Order.of(subject, order),
                String.join("\n", subject.order()) + "\n\n" + String.join("\n", order) + "\n\n"
                        + String.join("\n", conditions));
    }

    /** What was parsed of the conditions, in turn, for stores that have others evaluate them. */
    public List<Condition> conditions() {
        return comparisons.stream().map(Comparison::condition).toList();
    }

    /** What was parsed of the order, in turn, with the terms of the subject at the end. */
    public List<OrderTerm> order() {
        return order.terms();
    }

    /** The order by its first terms only, this many: those that differ in others are equal. */
    public Comparator<T> comparator(int terms) {
        Objects.checkIndex(terms, order.terms().size() + 1);
        return (a, b) -> order.compare(a, b, 0, terms);
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
        After after = after(request.token());
        PriorityQueue<Found<R>> best = new PriorityQueue<>((a, b) -> compare(b, a));
        items.filter(filter).forEach(item -> offer(item, after, best, request.limit()));
        return page(best, whole, request.limit());
    }

    /**
     * A page of those that match, in order, from items that come in the order of its first terms already, such as from a
     * server that knows no others: asks for no more of them once the page is certain.
     *
     * @param sorted how many terms those are; with none of them all items are looked at
     * @throws IllegalArgumentException if the token is of another search
     */
    public <R extends T> Page<R> page(Iterator<R> items, int sorted, PageRequest request) {
        Comparator<T> known = comparator(sorted);
        After after = after(request.token());
        PriorityQueue<Found<R>> best = new PriorityQueue<>((a, b) -> compare(b, a));
        boolean certain = false;
        while (!certain && items.hasNext()) {
            R item = items.next();
            certain = best.size() > request.limit()
                    && known.compare(item, best.element().item()) > 0;
            if (!certain && filter.test(item)) {
                offer(item, after, best, request.limit());
            }
        }
        return page(best, Function.identity(), request.limit());
    }

    private <R extends T, W> Page<W> page(
            PriorityQueue<Found<R>> best, Function<? super R, ? extends W> whole, int limit) {
        List<Found<R>> sorted = new ArrayList<>(best);
        sorted.sort(this::compare);
        boolean more = sorted.size() > limit;
        List<Found<R>> page = more ? sorted.subList(0, limit) : sorted;
        return new Page<>(
                page.stream().<W>map(found -> whole.apply(found.item())).toList(),
                more ? order.place(page.get(page.size() - 1).item()).token(words) : null);
    }

    /**
     * All that match, in order, for whoever reads all of them: goes through them once, and then finds the next of those
     * that are left each time it is asked. Not thread-safe.
     */
    public <R extends T> Iterator<R> all(Stream<R> items) {
        PriorityQueue<Found<R>> left = new PriorityQueue<>(this::compare);
        items.filter(filter).forEach(item -> left.add(new Found<>(item, order.rank(item))));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !left.isEmpty();
            }

            @Override
            public R next() {
                Found<R> next = left.poll();
                if (next == null) {
                    throw new NoSuchElementException("the search has no more results");
                }
                return next.item();
            }
        };
    }

    private @Nullable After after(@Nullable String token) {
        if (token == null) {
            return null;
        }
        Place place = order.read(token, words);
        return new After(place, order.rank(place));
    }

    private <R extends T> void offer(R item, @Nullable After after, PriorityQueue<Found<R>> best, int limit) {
        long rank = order.rank(item);
        if (after != null && !isAfter(rank, item, after)) {
            return;
        }
        // One more than the page tells whether there is another page.
        boolean full = best.size() > limit;
        if (full && rank > best.element().rank()) {
            return;
        }
        Found<R> found = new Found<>(item, rank);
        if (!full) {
            best.add(found);
        } else if (compare(found, best.element()) < 0) {
            best.remove();
            best.add(found);
        }
    }

    private boolean isAfter(long rank, T item, After after) {
        return rank != after.rank() ? rank > after.rank() : order.compare(item, after.place(), rank) > 0;
    }

    private int compare(Found<? extends T> a, Found<? extends T> b) {
        return a.rank() != b.rank() ? Long.compare(a.rank(), b.rank()) : order.compare(a.item(), b.item(), a.rank());
    }
}
