package io.mlops.core.query;

import io.mlops.api.tracker.RunStatus;
import io.mlops.core.query.Searchable.Attribute;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * MLflow's search grammar: comparisons joined by AND, without OR, NOT and parentheses. Numbers stand bare,
 * text in single or double quotes.
 */
final class Filter {
    private static final String TEXT_QUOTES = "'\"";
    private static final String NUMBER_OPERATORS = ">, >=, <, <=, = or !=";

    private final QueryText text;
    private final Field.Subject subject;

    private Filter(QueryText text, Field.Subject subject) {
        this.text = text;
        this.subject = subject;
    }

    /**
     * What all conditions ask for.
     *
     * @throws IllegalArgumentException naming the position at which one cannot be read, and what was expected
     */
    static Predicate<Searchable> of(List<String> conditions, Field.Subject subject) {
        return conditions.stream()
                .map(condition -> new Filter(new QueryText(condition), subject).read())
                .reduce(run -> true, Predicate::and);
    }

    private Predicate<Searchable> read() {
        if (text.atEnd()) {
            return run -> true;
        }
        Predicate<Searchable> all = comparison();
        while (text.keyword("AND")) {
            all = all.and(comparison());
        }
        if (!text.atEnd()) {
            throw text.expected("AND or the end (there is no OR and there are no parentheses; keys and names"
                    + " that are no plain words stand in `backticks`)");
        }
        return all;
    }

    private Predicate<Searchable> comparison() {
        Field field = Field.read(text, subject);
        if (field instanceof Field.OfInputs inputs) {
            Predicate<String> wanted = text("=, !=, LIKE, ILIKE, IN or NOT IN", true);
            return run -> run.inputs().stream().map(inputs.part()).anyMatch(wanted);
        }
        if (field instanceof Field.Metric || (field instanceof Field.Own own && own.isTime())) {
            Predicate<Number> wanted = number();
            return run -> field.of(run) instanceof Number value && wanted.test(value);
        }
        if (field instanceof Field.Entry && text.keyword("IS")) {
            return isNull(field);
        }
        Predicate<String> wanted = textOf(field);
        return run -> field.of(run) instanceof String value && wanted.test(value);
    }

    private Predicate<Searchable> isNull(Field field) {
        boolean present = text.keyword("NOT");
        if (!text.keyword("NULL")) {
            throw text.expected(present ? "NULL" : "NULL or NOT NULL");
        }
        return run -> (field.of(run) != null) == present;
    }

    private Predicate<Number> number() {
        String operator = text.operator().orElseThrow(() -> text.expected(NUMBER_OPERATORS));
        String written = text.number().orElseThrow(() -> text.expected("a number without quotes"));
        double wanted = Double.parseDouble(written);
        return value -> {
            double found = value.doubleValue();
            return switch (operator) {
                case ">" -> found > wanted;
                case ">=" -> found >= wanted;
                case "<" -> found < wanted;
                case "<=" -> found <= wanted;
                case "=" -> found == wanted;
                default -> found != wanted;
            };
        };
    }

    private Predicate<String> textOf(Field field) {
        if (field instanceof Field.Entry) {
            return text("=, !=, LIKE, ILIKE, IS NULL or IS NOT NULL", false);
        }
        boolean id = field.equals(new Field.Own(Attribute.RUN_ID));
        if (field.equals(new Field.Own(Attribute.STATUS))) {
            return status();
        }
        return text(id ? "=, !=, LIKE, ILIKE, IN or NOT IN" : "=, !=, LIKE or ILIKE", id);
    }

    /** A status that does not exist would quietly find nothing. */
    private Predicate<String> status() {
        Optional<Predicate<String>> like = like();
        if (like.isPresent()) {
            return like.get();
        }
        boolean equal = equalOrNot("=, !=, LIKE or ILIKE");
        int position = text.position();
        String wanted = quoted();
        if (Arrays.stream(RunStatus.values()).noneMatch(status -> status.name().equals(wanted))) {
            throw text.expected("one of the statuses " + Arrays.toString(RunStatus.values()) + " in quotes", position);
        }
        return value -> value.equals(wanted) == equal;
    }

    private Predicate<String> text(String operators, boolean inList) {
        Optional<Predicate<String>> like = like();
        if (like.isPresent()) {
            return like.get();
        }
        if (inList && text.keyword("IN")) {
            return list()::contains;
        }
        if (inList && text.keyword("NOT")) {
            if (!text.keyword("IN")) {
                throw text.expected("IN");
            }
            Set<String> unwanted = list();
            return value -> !unwanted.contains(value);
        }
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
