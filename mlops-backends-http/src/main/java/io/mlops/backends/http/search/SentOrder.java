package io.mlops.backends.http.search;

import io.mlops.core.query.FieldName;
import io.mlops.core.query.OrderTerm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first terms of an order, as far as every server puts runs in the same order by them: texts come in the order of the
 * database's language, and the library's ids make it a hundred times slower.
 *
 * @param terms as the server reads them; the newest run comes first after them, and without any
 * @param sorted how many terms of the search they stand for
 * @param keys how many of them are looked up by a key
 * @param start the first of them if that is the time of the start, else null
 */
record SentOrder(
        List<String> terms, int sorted, int keys, @Nullable OrderTerm start) {
    private static final FieldName STARTED = FieldName.of(FieldName.ATTRIBUTES, "start_time");
    private static final FieldName ENDED = FieldName.of(FieldName.ATTRIBUTES, "end_time");
    private static final FieldName STATUS = FieldName.of(FieldName.ATTRIBUTES, "status");
    private static final String NEWEST_FIRST = "attributes.start_time DESC";
    /** Databases join a table for each. */
    private static final int MOST_KEYS = 3;

    SentOrder {
        terms = List.copyOf(terms);
    }

    /** The part of an order that is sent. */
    static SentOrder of(List<OrderTerm> order) {
        List<String> terms = new ArrayList<>();
        Set<FieldName> said = new HashSet<>();
        int sorted = 0;
        int keys = 0;
        for (OrderTerm term : order) {
            // Servers refuse to hear of a field twice, and the second time says nothing.
            if (said.add(term.field())) {
                String written = written(term, keys);
                if (written == null) {
                    break;
                }
                terms.add(written);
                keys += term.field().isAttribute() ? 0 : 1;
            }
            sorted++;
            if (term.field().equals(ENDED)) {
                // What has no end is at the end for the server, too, but there it is of two kinds.
                break;
            }
        }
        boolean impliedLast = !terms.isEmpty() && terms.get(terms.size() - 1).equals(NEWEST_FIRST);
        return new SentOrder(
                impliedLast ? terms.subList(0, terms.size() - 1) : terms,
                sorted,
                keys,
                order.get(0).field().equals(STARTED) ? order.get(0) : null);
    }

    private static @Nullable String written(OrderTerm term, int keys) {
        FieldName field = term.field();
        if (field.equals(STARTED) || field.equals(STATUS)) {
            return "attributes." + field.key() + direction(term);
        }
        if (field.equals(ENDED)) {
            // A run that goes on after its end has 0, which comes first the other way round.
            return term.descending() ? "attributes." + field.key() + direction(term) : null;
        }
        boolean metric = field.entity().equals("metrics") && field.function() == null && keys < MOST_KEYS;
        String key = metric ? Spelling.field("metrics", field.key()) : null;
        return key == null ? null : key + direction(term);
    }

    private static String direction(OrderTerm term) {
        return term.descending() ? " DESC" : " ASC";
    }

    /**
     * The condition that leaves out the runs which come before all that were started at this time; null if the order begins
     * with something else.
     */
    @Nullable
    String from(long startedMillis) {
        return start == null ? null : "attributes.start_time " + (start.descending() ? "<= " : ">= ") + startedMillis;
    }
}
