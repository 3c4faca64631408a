package io.mlops.backends.http.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server is asked to tell runs apart by.
 *
 * @param filters each finds some of the runs, all of them together find all; one that is empty finds every run
 * @param whole whether nothing of the search was left out, so that most of what is found will match
 */
record SentFilter(List<String> filters, boolean whole) {
    SentFilter {
        filters = List.copyOf(filters);
    }

    /** The same filters, of which each asks for this, too; null asks for nothing more. */
    SentFilter and(@Nullable String condition) {
        if (condition == null) {
            return this;
        }
        return new SentFilter(
                filters.stream()
                        .map(filter -> filter.isEmpty() ? condition : filter + " AND " + condition)
                        .toList(),
                whole);
    }
}
