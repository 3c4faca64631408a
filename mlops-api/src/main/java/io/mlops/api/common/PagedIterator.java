package io.mlops.api.common;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Walks a listing page by page. Not thread-safe. */
final class PagedIterator<T> implements Iterator<T> {
    static final int PAGE = 1000;

    private final Listing<T> listing;
    private final int limit;
    private Iterator<T> current = List.<T>of().iterator();
    private @Nullable String token;
    private boolean last;

    PagedIterator(Listing<T> listing, int limit) {
        this.listing = listing;
        this.limit = Math.max(1, limit);
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && !last) {
            Page<T> page = listing.page(new PageRequest(limit, token));
            // MLflow has answered with the same token for ever (an empty page each time).
            last = page.next() == null || page.next().equals(token);
            token = page.next();
            current = page.items().iterator();
        }
        return current.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the listing has no more results");
        }
        return current.next();
    }
}
