package io.mlops.core.query;

import io.mlops.api.common.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * MLflow's order terms, then those that end every order of the subject. Whichever way a term goes, NaN comes after the
 * numbers and what is missing comes last.
 *
 * @param <T> what is searched
 */
final class Order<T> {
    private static final long MISSING = Long.MAX_VALUE;
    private static final long NOT_A_NUMBER = MISSING - 1;

    private record Term<T>(FieldName name, Field.Single<T> field, boolean descending) {
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
     * @throws IllegalArgumentException naming the position at which one cannot be read, and what was expected; or if there
     *     are too many
     */
    static <T> Order<T> of(Subject<T> subject, List<String> terms) {
        if (terms.size() > Limits.ORDER_TERMS) {
            throw new IllegalArgumentException("a search is ordered by " + Limits.ORDER_TERMS + " terms at most, not "
                    + terms.size() + ": leave out those after which no two results are alike");
        }
        return new Order<>(Stream.concat(terms.stream(), subject.order().stream())
                .map(term -> term(new QueryText(term), subject))
                .toList());
    }

    private static <T> Term<T> term(QueryText text, Subject<T> subject) {
        int position = text.position();
        Subject.Named<T> named = subject.readForOrder(text);
        if (!(named.field() instanceof Field.Single<T> field)) {
            throw text.expected("something that each result has once, to order by", position);
        }
        boolean descending = text.keyword("DESC");
        if (!descending) {
            // It may be said, and is the default.
            var unused = text.keyword("ASC");
        }
        if (!text.atEnd()) {
            throw text.expected("ASC, DESC or the end (keys that are no plain words stand in `backticks`)");
        }
        return new Term<>(named.name(), field, descending);
    }

    /** The terms in turn, those of the subject at the end. */
    List<OrderTerm> terms() {
        return terms.stream()
                .map(term -> new OrderTerm(term.name(), term.descending()))
                .toList();
    }

    /**
     * A number by which most items can be put in order without looking at them twice: one that is less comes first; of
     * equal ones {@link #compare} decides.
     */
    long rank(T item) {
        Term<T> first = terms.get(0);
        return rank(first.field().of(item), first.descending());
    }

    /** The rank of items at this place. */
    long rank(Place place) {
        return rank(place.values().get(0), terms.get(0).descending());
    }

    private static long rank(@Nullable Object value, boolean descending) {
        if (value == null) {
            return MISSING;
        }
        if (!(value instanceof Number number)) {
            long ascending = CodePoints.rank(value.toString());
            return descending ? -ascending : ascending;
        }
        double real = number.doubleValue();
        if (Double.isNaN(real)) {
            return NOT_A_NUMBER;
        }
        // Bits of doubles are in order but for the negative ones; adding zero takes the sign off a zero.
        long bits = Double.doubleToLongBits(real + 0.0);
        long ascending = bits < 0 ? bits ^ Long.MAX_VALUE : bits;
        return descending ? ~ascending : ascending;
    }

    /** Compares items of this rank; each value is read when the ones before leave it open. */
    int compare(T a, T b, long rank) {
        return compare(a, b, settled(rank), terms.size());
    }

    /** Compares items by some of the terms only: those from one on, and before another. */
    int compare(T a, T b, int from, int to) {
        for (int i = from; i < to; i++) {
            Term<T> term = terms.get(i);
            int order = compare(term.field().of(a), term.field().of(b), term.descending());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Compares an item of this rank with a place that has the same. */
    int compare(T item, Place place, long rank) {
        for (int i = settled(rank); i < terms.size(); i++) {
            Term<T> term = terms.get(i);
            int order = compare(term.field().of(item), place.values().get(i), term.descending());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** The number of terms in which items of this rank are certainly alike. */
    private int settled(long rank) {
        boolean number = terms.get(0).field().kind() instanceof Kind.Numeric;
        return rank >= NOT_A_NUMBER || (!number && CodePoints.isWhole(Math.abs(rank))) ? 1 : 0;
    }

    /** The place of a result in this order: a value for each term. */
    Place place(T item) {
        List<@Nullable Object> values = new ArrayList<>(terms.size());
        for (Term<T> term : terms) {
            values.add(term.field().of(item));
        }
        return new Place(values);
    }

    /**
     * Reads the place that a token tells.
     *
     * @throws IllegalArgumentException if it is no token of this search
     */
    Place read(String token, String search) {
        Place place = Place.read(token, search);
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
        boolean noNumber = isNaN(a);
        if (noNumber || isNaN(b)) {
            return Boolean.compare(noNumber, isNaN(b));
        }
        int ascending = a instanceof Number x && b instanceof Number y
                ? compareNumbers(x, y)
                : CodePoints.compare(a.toString(), b.toString());
        return descending ? -ascending : ascending;
    }

    private static boolean isNaN(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    private static int compareNumbers(Number a, Number b) {
        return a instanceof Long && b instanceof Long
                ? Long.compare(a.longValue(), b.longValue())
                : Double.compare(a.doubleValue() + 0.0, b.doubleValue() + 0.0);
    }
}
