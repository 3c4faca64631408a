package io.mlops.backends.http.search;

import java.util.List;
import java.util.stream.Stream;

/**
 * A condition in the server's dialect.
 *
 * @param either forms of which a run meets one at least
 * @param tables the number that databases join for each of them
 * @param ofData whether it is on the data that a run read
 */
record SentCondition(List<String> either, int tables, boolean ofData) {
    SentCondition {
        either = List.copyOf(either);
    }

    /** A condition that the table of runs answers. */
    static SentCondition free(String condition) {
        return new SentCondition(List.of(condition), 0, false);
    }

    /** A condition that another table answers. */
    static SentCondition joined(String condition) {
        return new SentCondition(List.of(condition), 1, false);
    }

    /** A condition that a run meets which meets one of both. */
    SentCondition or(SentCondition other) {
        return new SentCondition(
                Stream.concat(either.stream(), other.either.stream()).toList(),
                Math.max(tables, other.tables),
                ofData || other.ofData);
    }

    /** A condition that a run meets which meets both. */
    SentCondition and(SentCondition other) {
        return new SentCondition(
                either.stream()
                        .flatMap(one -> other.either.stream().map(another -> one + " AND " + another))
                        .toList(),
                tables + other.tables,
                ofData || other.ofData);
    }
}
