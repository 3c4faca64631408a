package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

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
    public String toString() {
        return what + ", fetched when they are read";
    }
}
