package io.mlops.core.query;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * MLflow's order terms, then those that end every order of the subject. A place in that order is what a token keeps.
 *
 * @param <T> what is searched
 */
final class Order<T> {
    private record Term<T>(Field.Single<T> field, boolean descending) {
        boolean isOf(@Nullable Object value) {
            return value == null || value instanceof Number == field.kind() instanceof Kind.Numeric;
        }
    }

    private final List<Term<T>> terms;

    private Order(List<Term<T>> terms) {
        this.terms = terms;
    }

    /**
     * Parses an order by these terms in turn.
     *
     * @throws IllegalArgumentException naming the position at which one cannot be read, and what was expected
     */
    static <T> Order<T> of(Subject<T> subject, List<String> terms) {
        return new Order<>(Stream.concat(terms.stream(), subject.order().stream())
                .map(term -> term(new QueryText(term), subject))
                .toList());
    }

    private static <T> Term<T> term(QueryText text, Subject<T> subject) {
        int position = text.position();
        if (!(subject.read(text) instanceof Field.Single<T> field)) {
            throw text.expected("something that each result has once, to order by", position);
        }
        boolean descending = text.keyword("DESC");
        if (!descending) {
            // Said or not, it is the default.
            var unused = text.keyword("ASC");
        }
        if (!text.atEnd()) {
            throw text.expected("ASC, DESC or the end (keys that are no plain words stand in `backticks`)");
        }
        return new Term<>(field, descending);
    }

    /** The place of a result in this order: a value for each term. NaN is like a missing value, last whichever way. */
    Place place(T item) {
        List<@Nullable Object> values = new ArrayList<>(terms.size());
        for (Term<T> term : terms) {
            Object value = term.field().of(item);
            values.add(value instanceof Double number && number.isNaN() ? null : value);
        }
        return new Place(values);
    }

    int compare(Place a, Place b) {
        for (int i = 0; i < terms.size(); i++) {
            int order =
                    compare(a.values().get(i), b.values().get(i), terms.get(i).descending());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /**
     * Reads the place that a token tells.
     *
     * @throws IllegalArgumentException if it is not of a search in this order
     */
    Place read(String token) {
        Place place = Place.read(token);
        List<@Nullable Object> values = place.values();
        boolean fits = values.size() == terms.size() && values.get(terms.size() - 1) != null;
        for (int i = 0; fits && i < terms.size(); i++) {
            fits = terms.get(i).isOf(values.get(i));
        }
        if (!fits) {
            throw Place.notAToken();
        }
        return place;
    }

    private static int compare(@Nullable Object a, @Nullable Object b, boolean descending) {
        if (a == null || b == null) {
            return Boolean.compare(a == null, b == null);
        }
        int ascending = a instanceof Number x && b instanceof Number y
                ? compareNumbers(x, y)
                : a.toString().compareTo(b.toString());
        return descending ? -ascending : ascending;
    }

    private static int compareNumbers(Number a, Number b) {
        return a instanceof Long && b instanceof Long
                ? Long.compare(a.longValue(), b.longValue())
                : Double.compare(a.doubleValue(), b.doubleValue());
    }
}
