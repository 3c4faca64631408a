package io.mlops.core.query;

import io.mlops.api.common.Limits;
import io.mlops.core.query.Condition.Operator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    private static final Map<String, Operator> BY_SYMBOL = Map.of(
            ">", Operator.GREATER,
            ">=", Operator.GREATER_OR_EQUAL,
            "<", Operator.LESS,
            "<=", Operator.LESS_OR_EQUAL,
            "=", Operator.EQUAL,
            "!=", Operator.NOT_EQUAL);

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
    static <T> List<Comparison<T>> of(List<String> conditions, Subject<T> subject) {
        List<Comparison<T>> all = new ArrayList<>();
        conditions.forEach(condition -> new Filter<>(new QueryText(condition), subject).readInto(all));
        return List.copyOf(all);
    }

    private void readInto(List<Comparison<T>> all) {
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

    private void add(Comparison<T> comparison, List<Comparison<T>> all) {
        if (all.size() == Limits.CONDITIONS) {
            throw new IllegalArgumentException("a search takes " + Limits.CONDITIONS + " conditions at most: ask for"
                    + " several ids by IN ('a', 'b'), or search for less, and look at what is found");
        }
        all.add(comparison);
    }

    private Comparison<T> comparison() {
        Subject.Named<T> named = subject.read(text);
        Field<T> field = named.field();
        if (field instanceof Field.Several<T>) {
            return Comparison.of(field, id(named.name()));
        }
        if (field instanceof Field.Single<T> single) {
            return Comparison.of(field, condition(named.name(), single.kind()));
        }
        throw new IllegalStateException("no condition is known for " + field);
    }

    private Condition condition(FieldName name, Kind kind) {
        if (kind instanceof Kind.Numeric) {
            return number(name);
        }
        if (kind instanceof Kind.Text) {
            return text(name, TEXT_OPERATORS);
        }
        if (kind instanceof Kind.OptionalText) {
            return text.keyword("IS") ? isNull(name) : text(name, OPTIONAL_OPERATORS);
        }
        if (kind instanceof Kind.Id) {
            return id(name);
        }
        if (kind instanceof Kind.Choice choice) {
            return choice(name, choice.values());
        }
        throw new IllegalStateException("no condition is known for " + kind);
    }

    private Condition isNull(FieldName name) {
        boolean present = text.keyword("NOT");
        if (!text.keyword("NULL")) {
            throw text.expected(present ? "NULL" : "NULL or NOT NULL");
        }
        return new Condition(name, present ? Operator.IS_NOT_NULL : Operator.IS_NULL, List.of());
    }

    private Condition number(FieldName name) {
        Operator operator = text.operator().map(BY_SYMBOL::get).orElseThrow(() -> text.expected(NUMBER_OPERATORS));
        String written = text.number().orElseThrow(() -> text.expected("a number without quotes"));
        return new Condition(name, operator, List.of(written));
    }

    private Condition text(FieldName name, String operators) {
        return like(name).orElseGet(() -> equality(name, operators));
    }

    private Condition id(FieldName name) {
        Optional<Condition> like = like(name);
        if (like.isPresent()) {
            return like.get();
        }
        if (text.keyword("IN")) {
            return new Condition(name, Operator.IN, list());
        }
        if (text.keyword("NOT")) {
            if (!text.keyword("IN")) {
                throw text.expected("IN");
            }
            return new Condition(name, Operator.NOT_IN, list());
        }
        return equality(name, ID_OPERATORS);
    }

    /**
     * Reads a comparison with one of a closed set of values; a value outside it is refused, as it would quietly find
     * nothing.
     */
    private Condition choice(FieldName name, List<String> values) {
        Optional<Condition> like = like(name);
        if (like.isPresent()) {
            return like.get();
        }
        Operator operator = equalOrNot(TEXT_OPERATORS);
        int position = text.position();
        String wanted = quoted();
        if (!values.contains(wanted)) {
            throw text.expected("one of " + values + " in quotes", position);
        }
        return new Condition(name, operator, List.of(wanted));
    }

    private Condition equality(FieldName name, String operators) {
        return new Condition(name, equalOrNot(operators), List.of(quoted()));
    }

    private Optional<Condition> like(FieldName name) {
        boolean ignoreCase = text.keyword("ILIKE");
        return ignoreCase || text.keyword("LIKE")
                ? Optional.of(new Condition(name, ignoreCase ? Operator.ILIKE : Operator.LIKE, List.of(quoted())))
                : Optional.empty();
    }

    private Operator equalOrNot(String operators) {
        int position = text.position();
        Operator operator = text.operator().map(BY_SYMBOL::get).orElseThrow(() -> text.expected(operators));
        if (operator != Operator.EQUAL && operator != Operator.NOT_EQUAL) {
            throw text.expected(operators, position);
        }
        return operator;
    }

    /** The values of a list, each once, in turn. */
    private List<String> list() {
        Set<String> values = new LinkedHashSet<>();
        if (!text.symbol('(')) {
            throw text.expected("a list, such as ('a', 'b')");
        }
        do {
            values.add(quoted());
        } while (text.symbol(','));
        if (!text.symbol(')')) {
            throw text.expected(", or )");
        }
        return List.copyOf(values);
    }

    private String quoted() {
        return text.quoted(TEXT_QUOTES).orElseThrow(() -> text.expected("text in quotes, such as '0.1'"));
    }
}
