package io.mlops.api.common;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * All results of a search, fetched while being read: page by page, or, where the store can, in one pass over what it has.
 * Each iteration asks anew. Thread-safe; its iterators are not.
 */
@FunctionalInterface
public interface Listing<T> extends Iterable<T> {
    /**
     * A listing whose {@code toString} says what it lists, and fetches nothing.
     *
     * @param what such as {@code models}
     */
    static <T> Listing<T> of(String what, Listing<T> pages) {
        return new NamedListing<>(what, pages);
    }

    /** Fetches one page; most callers iterate instead. */
    Page<T> page(PageRequest request);

    /**
     * Fetches the first {@code n} results at most, by pages, and asks the store for no more.
     *
     * @throws IllegalArgumentException if {@code n} is negative
     */
    default List<T> first(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("cannot fetch the first " + n + " results: ask for 0 or more");
        }
        List<T> found = new ArrayList<>();
        PagedIterator<T> results = new PagedIterator<>(this, n);
        while (found.size() < n && results.hasNext()) {
            found.add(results.next());
        }
        return List.copyOf(found);
    }

    /** The first result, or empty. */
    default Optional<T> findFirst() {
        return first(1).stream().findFirst();
    }

    /** Streams all results, fetched when they are read. */
    default Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** Goes through everything; ends at a token that repeats, so that a confused server cannot hold it for ever. */
    @Override
    default Iterator<T> iterator() {
        return new PagedIterator<>(this, PagedIterator.PAGE);
    }
}
