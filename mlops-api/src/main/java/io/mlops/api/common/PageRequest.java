package io.mlops.api.common;

import org.jspecify.annotations.Nullable;

/**
 * Asks for at most {@code limit} results, from the start or from where a token of the same listing left off. Nobody gets
 * more than 10,000 at once: a greater limit is taken for that, and the page has a token for the rest.
 */
public record PageRequest(int limit, @Nullable String token) {
    public PageRequest {
        if (limit < 1) {
            throw new IllegalArgumentException("a page holds at least 1 result, not " + limit);
        }
        limit = Math.min(limit, Limits.PAGE);
    }

    /** The first page. */
    public static PageRequest first(int limit) {
        return new PageRequest(limit, null);
    }
}
