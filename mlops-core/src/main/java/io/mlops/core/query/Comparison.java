package io.mlops.core.query;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A condition with the test that it makes of an item, which is built once for all of the items.
 *
 * @param <T> what is searched
 */
record Comparison<T>(Condition condition, Predicate<T> test) {
    /** The comparison of a field that a condition names. */
    static <T> Comparison<T> of(Field<T> field, Condition condition) {
        return new Comparison<>(condition, test(field, condition));
    }

    /** One test after the other: nested in one another, thousands of conditions would overflow the stack. */
    static <T> Predicate<T> all(List<Comparison<T>> comparisons) {
        List<Predicate<T>> tests = comparisons.stream().map(Comparison::test).toList();
        return item -> {
            // By number, since an iterator for each item would be garbage.
            for (int i = 0; i < tests.size(); i++) {
                if (!tests.get(i).test(item)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static <T> Predicate<T> test(Field<T> field, Condition condition) {
        if (field instanceof Field.Several<T> several) {
            Predicate<String> wanted = text(condition);
            return item -> several.read().apply(item).anyMatch(wanted);
        }
        if (field instanceof Field.Single<T> single) {
            return test(single, condition);
        }
        throw new IllegalStateException("no condition is known for " + field);
    }

    private static <T> Predicate<T> test(Field.Single<T> field, Condition condition) {
        if (condition.operator() == Condition.Operator.IS_NULL) {
            return item -> field.of(item) == null;
        }
        if (condition.operator() == Condition.Operator.IS_NOT_NULL) {
            return item -> field.of(item) != null;
        }
        if (field.kind() instanceof Kind.Numeric) {
            Predicate<Number> wanted = number(condition);
            return item -> field.of(item) instanceof Number value && wanted.test(value);
        }
        Predicate<String> wanted = text(condition);
        return item -> field.of(item) instanceof String value && wanted.test(value);
    }

    private static Predicate<Number> number(Condition condition) {
        double wanted = Double.parseDouble(condition.value());
        return switch (condition.operator()) {
            case GREATER -> value -> value.doubleValue() > wanted;
            case GREATER_OR_EQUAL -> value -> value.doubleValue() >= wanted;
            case LESS -> value -> value.doubleValue() < wanted;
            case LESS_OR_EQUAL -> value -> value.doubleValue() <= wanted;
            case EQUAL -> value -> value.doubleValue() == wanted;
            case NOT_EQUAL -> value -> value.doubleValue() != wanted;
            default -> throw unknown(condition);
        };
    }

    private static Predicate<String> text(Condition condition) {
        return switch (condition.operator()) {
            case EQUAL -> condition.value()::equals;
            case NOT_EQUAL -> differsFrom(condition.value());
            case LIKE -> new LikePattern(condition.value(), false);
            case ILIKE -> new LikePattern(condition.value(), true);
            case IN -> Set.copyOf(condition.values())::contains;
            case NOT_IN -> isNoneOf(Set.copyOf(condition.values()));
            default -> throw unknown(condition);
        };
    }

    private static Predicate<String> differsFrom(String unwanted) {
        return value -> !value.equals(unwanted);
    }

    private static Predicate<String> isNoneOf(Set<String> unwanted) {
        return value -> !unwanted.contains(value);
    }

    private static IllegalStateException unknown(Condition condition) {
        return new IllegalStateException("no comparison is known for " + condition.operator());
    }
}
