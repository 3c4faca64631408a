package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.List;

/** A listing that says what it lists. Thread-safe. */
record NamedListing<T>(String what, Listing<T> pages) implements Listing<T> {
    NamedListing {
        requireNonNull(what, "what");
        requireNonNull(pages, "pages");
    }

    @Override
    public Page<T> page(PageRequest request) {
        return pages.page(request);
    }

    @Override
    public List<T> first(int n) {
        return pages.first(n);
    }

    @Override
    public Iterator<T> iterator() {
        return pages.iterator();
    }

    @Override
    public String toString() {
        return what + ", fetched when they are read";
    }
}
