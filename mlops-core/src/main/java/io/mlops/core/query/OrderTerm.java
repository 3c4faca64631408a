package io.mlops.core.query;

import static java.util.Objects.requireNonNull;

/**
 * A term of an order as it was parsed, for stores that have others put their results in order. Whichever way it goes, NaN
 * comes after the numbers and what is missing comes last. Immutable.
 *
 * @param descending whether the greatest comes first
 */
public record OrderTerm(FieldName field, boolean descending) {
    public OrderTerm {
        requireNonNull(field, "field");
    }
}
