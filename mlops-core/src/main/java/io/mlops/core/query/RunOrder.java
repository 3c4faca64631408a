package io.mlops.core.query;

import io.mlops.core.query.Searchable.Attribute;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MLflow's order terms, then newest first, then by id. A place in that order is what a token keeps. */
final class RunOrder {
    private record Term(Field field, boolean descending) {}

    private final List<Term> terms;

    private RunOrder(List<Term> terms) {
        this.terms = terms;
    }

    /**
     * By the terms in turn.
     *
     * @throws IllegalArgumentException naming the position at which one cannot be read, and what was expected
     */
    static RunOrder of(List<String> terms) {
        List<Term> all = new ArrayList<>();
        terms.forEach(term -> all.add(term(new QueryText(term))));
        all.add(new Term(new Field.Own(Attribute.START_TIME), true));
        all.add(new Term(new Field.Own(Attribute.RUN_ID), false));
        return new RunOrder(all);
    }

    private static Term term(QueryText text) {
        int position = text.position();
        Field field = Field.read(text, Field.Subject.RUN);
        if (field instanceof Field.OfInputs) {
            throw text.expected("something that a run has once, which its datasets are not", position);
        }
        boolean descending = text.keyword("DESC");
        if (!descending) {
            // Said or not, it is the default.
            var unused = text.keyword("ASC");
        }
        if (!text.atEnd()) {
            throw text.expected("ASC, DESC or the end (keys that are no plain words stand in `backticks`)");
        }
        return new Term(field, descending);
    }

    /** Where a run stands: a value for each term. NaN is like a missing value, last whichever way. */
    RunPlace place(Searchable run) {
        List<@Nullable Comparable<?>> values = new ArrayList<>(terms.size());
        for (Term term : terms) {
            Comparable<?> value = term.field().of(run);
            values.add(value instanceof Double number && number.isNaN() ? null : value);
        }
        return new RunPlace(values);
    }

    int compare(RunPlace a, RunPlace b) {
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
     * The place that a token tells.
     *
     * @throws IllegalArgumentException if it is not of a search in this order
     */
    RunPlace read(String token) {
        RunPlace place = RunPlace.read(token);
        int count = place.values().size();
        // Every order ends with the time and the id.
        if (count != terms.size()
                || !(place.values().get(count - 2) instanceof Long)
                || !(place.values().get(count - 1) instanceof String)) {
            throw RunPlace.notAToken();
        }
        return place;
    }

    private static int compare(@Nullable Comparable<?> a, @Nullable Comparable<?> b, boolean descending) {
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
