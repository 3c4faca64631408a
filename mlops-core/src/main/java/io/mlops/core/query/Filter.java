package io.mlops.core.query;

import io.mlops.api.common.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * MLflow's search grammar: comparisons joined by AND, without OR, NOT and parentheses. Numbers stand bare,
 * text in single or double quotes.
 *
 * @param <T> what is searched
 */
final class Filter<T> {
    private static final String TEXT_QUOTES = "'\"";
    private static final String NUMBER_OPERATORS = ">, >=, <, <=, = or !=";
    private static final String TEXT_OPERATORS = "=, !=, LIKE or ILIKE";
    private static final String OPTIONAL_OPERATORS = "=, !=, LIKE, ILIKE, IS NULL or IS NOT NULL";
    private static final String ID_OPERATORS = "=, !=, LIKE, ILIKE, IN or NOT IN";

    private final QueryText text;
    private final Subject<T> subject;

    private Filter(QueryText text, Subject<T> subject) {
        this.text = text;
        this.subject = subject;
    }

    /**
     * Parses conditions, all of which must hold.
     *
     * @throws IllegalArgumentException naming the position at which one cannot be read, and what was expected; or if there
     *     are too many
     */
    static <T> Predicate<T> of(List<String> conditions, Subject<T> subject) {
        List<Predicate<T>> all = new ArrayList<>();
        conditions.forEach(condition -> new Filter<>(new QueryText(condition), subject).readInto(all));
        return allOf(List.copyOf(all));
    }

    /** One after the other: nested in one another, thousands of conditions would overflow the stack. */
    private static <T> Predicate<T> allOf(List<Predicate<T>> all) {
        return item -> {
            // By number, since an iterator for each item would be garbage.
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).test(item)) {
                    return false;
                }
            }
            return true;
        };
    }

    private void readInto(List<Predicate<T>> all) {
        if (text.atEnd()) {
            return;
        }
        do {
            add(comparison(), all);
        } while (text.keyword("AND"));
        if (!text.atEnd()) {
            throw text.expected("AND or the end (there is no OR and there are no parentheses; keys and names"
                    + " that are no plain words stand in `backticks`)");
        }
    }

    private void add(Predicate<T> condition, List<Predicate<T>> all) {
        if (all.size() == Limits.CONDITIONS) {
            throw new IllegalArgumentException("a search takes " + Limits.CONDITIONS + " conditions at most: ask for"
                    + " several ids by IN ('a', 'b'), or search for less, and look at what is found");
        }
        all.add(condition);
    }

    private Predicate<T> comparison() {
        Field<T> field = subject.read(text);
        if (field instanceof Field.Several<T> several) {
            Predicate<String> wanted = id();
            return item -> several.read().apply(item).anyMatch(wanted);
        }
        if (field instanceof Field.Single<T> single) {
            return comparison(single);
        }
        throw new IllegalStateException("no condition is known for " + field);
    }

    private Predicate<T> comparison(Field.Single<T> field) {
        Kind kind = field.kind();
        if (kind instanceof Kind.Numeric) {
            Predicate<Number> wanted = number();
            return item -> field.of(item) instanceof Number value && wanted.test(value);
        }
        if (kind instanceof Kind.OptionalText && text.keyword("IS")) {
            return isNull(field);
        }
        Predicate<String> wanted = text(kind);
        return item -> field.of(item) instanceof String value && wanted.test(value);
    }

    private Predicate<String> text(Kind kind) {
        if (kind instanceof Kind.Text) {
            return text(TEXT_OPERATORS);
        }
        if (kind instanceof Kind.OptionalText) {
            return text(OPTIONAL_OPERATORS);
        }
        if (kind instanceof Kind.Id) {
            return id();
        }
        if (kind instanceof Kind.Choice choice) {
            return choice(choice.values());
        }
        throw new IllegalStateException("no condition is known for " + kind);
    }

    private Predicate<T> isNull(Field.Single<T> field) {
        boolean present = text.keyword("NOT");
        if (!text.keyword("NULL")) {
            throw text.expected(present ? "NULL" : "NULL or NOT NULL");
        }
        return item -> (field.of(item) != null) == present;
    }

    private Predicate<Number> number() {
        String operator = text.operator().orElseThrow(() -> text.expected(NUMBER_OPERATORS));
        String written = text.number().orElseThrow(() -> text.expected("a number without quotes"));
        double wanted = Double.parseDouble(written);
        return switch (operator) {
            case ">" -> value -> value.doubleValue() > wanted;
            case ">=" -> value -> value.doubleValue() >= wanted;
            case "<" -> value -> value.doubleValue() < wanted;
            case "<=" -> value -> value.doubleValue() <= wanted;
            case "=" -> value -> value.doubleValue() == wanted;
            case "!=" -> value -> value.doubleValue() != wanted;
            default -> throw new IllegalStateException("no comparison is known for " + operator);
        };
    }

    private Predicate<String> text(String operators) {
        return like().orElseGet(() -> equality(operators));
    }

    private Predicate<String> id() {
        Optional<Predicate<String>> like = like();
        if (like.isPresent()) {
            return like.get();
        }
        if (text.keyword("IN")) {
            return list()::contains;
        }
        if (text.keyword("NOT")) {
            if (!text.keyword("IN")) {
                throw text.expected("IN");
            }
            Set<String> unwanted = list();
            return value -> !unwanted.contains(value);
        }
        return equality(ID_OPERATORS);
    }

    /**
     * Reads a comparison with one of a closed set of values; a value outside it is refused, as it would quietly find
     * nothing.
     */
    private Predicate<String> choice(List<String> values) {
        Optional<Predicate<String>> like = like();
        if (like.isPresent()) {
            return like.get();
        }
        boolean equal = equalOrNot(TEXT_OPERATORS);
        int position = text.position();
        String wanted = quoted();
        if (!values.contains(wanted)) {
            throw text.expected("one of " + values + " in quotes", position);
        }
        return value -> value.equals(wanted) == equal;
    }

    private Predicate<String> equality(String operators) {
        boolean equal = equalOrNot(operators);
        String wanted = quoted();
        return value -> value.equals(wanted) == equal;
    }

    private Optional<Predicate<String>> like() {
        boolean ignoreCase = text.keyword("ILIKE");
        return ignoreCase || text.keyword("LIKE")
                ? Optional.of(new LikePattern(quoted(), ignoreCase))
                : Optional.empty();
    }

    private boolean equalOrNot(String operators) {
        int position = text.position();
        String operator = text.operator().orElseThrow(() -> text.expected(operators));
        if (!operator.equals("=") && !operator.equals("!=")) {
            throw text.expected(operators, position);
        }
        return operator.equals("=");
    }

    private Set<String> list() {
        Set<String> values = new HashSet<>();
        if (!text.symbol('(')) {
            throw text.expected("a list, such as ('a', 'b')");
        }
        do {
            values.add(quoted());
        } while (text.symbol(','));
        if (!text.symbol(')')) {
            throw text.expected(", or )");
        }
        return values;
    }

    private String quoted() {
        return text.quoted(TEXT_QUOTES).orElseThrow(() -> text.expected("text in quotes, such as '0.1'"));
    }
}
