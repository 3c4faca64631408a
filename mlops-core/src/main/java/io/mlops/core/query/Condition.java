package io.mlops.core.query;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A comparison as it was parsed, for stores that have others evaluate it. What lacks the field meets {@code IS NULL} only;
 * of a field with several values, one that meets it is enough. Immutable.
 *
 * @param values text without its quotes and numbers as they were written: one, none for {@code IS NULL} and
 *     {@code IS NOT NULL}, and those of the list in turn for {@code IN} and {@code NOT IN}
 */
public record Condition(FieldName field, Operator operator, List<String> values) {
    /** What a condition asks of a value. */
    public enum Operator {
        /** The value is greater than the number. */
        GREATER(">"),
        /** The value is greater than the number, or equal to it. */
        GREATER_OR_EQUAL(">="),
        /** The value is less than the number. */
        LESS("<"),
        /** The value is less than the number, or equal to it. */
        LESS_OR_EQUAL("<="),
        /** The value is this number or text. */
        EQUAL("="),
        /** There is a value, and it is not this number or text; NaN is no number. */
        NOT_EQUAL("!="),
        /** The text is like the pattern, in which {@code %} is any text and {@code _} any one character. */
        LIKE("LIKE"),
        /** The text is like the pattern, whatever the case of either. */
        ILIKE("ILIKE"),
        /** The text is one of the list. */
        IN("IN"),
        /** There is a text, and it is none of the list. */
        NOT_IN("NOT IN"),
        /** There is no value. */
        IS_NULL("IS NULL"),
        /** There is a value. */
        IS_NOT_NULL("IS NOT NULL");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        /** The operator as conditions write it. */
        public String symbol() {
            return symbol;
        }
    }

    public Condition {
        requireNonNull(field, "field");
        requireNonNull(operator, "operator");
        values = List.copyOf(values);
    }

    /**
     * The one text or number, as it was written, that the value is compared with.
     *
     * @throws IllegalStateException if there is none, or a list
     */
    public String value() {
        if (values.size() != 1) {
            throw new IllegalStateException(
                    operator.symbol() + " of " + field.key() + " has not one value but " + values);
        }
        return values.get(0);
    }
}
