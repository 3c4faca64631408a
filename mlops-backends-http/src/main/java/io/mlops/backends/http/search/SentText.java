package io.mlops.backends.http.search;

import io.mlops.backends.http.server.StoredName;
import io.mlops.core.query.Condition;
import org.jspecify.annotations.Nullable;

/** Says conditions on params, tags and names in the server's dialect. Immutable. */
final class SentText {
    /** Number of characters of a name that a shortened one begins with, at the least. */
    private static final int KEPT = 100;

    private final Dialect dialect;

    SentText(Dialect dialect) {
        this.dialect = dialect;
    }

    /** A condition on what stands under a key; null if it cannot be said. */
    @Nullable
    SentCondition keyed(String entity, String key, Condition condition) {
        String field = Spelling.field(entity, key);
        if (field == null) {
            return null;
        }
        return switch (condition.operator()) {
            case IS_NULL -> dialect.knowsNull() ? SentCondition.free(field + " IS NULL") : null;
            case IS_NOT_NULL ->
                dialect.knowsNull()
                        ? SentCondition.free(field + " IS NOT NULL")
                        : SentCondition.joined(field + " LIKE '%'");
            default -> compared(field, condition, condition.operator(), condition.value());
        };
    }

    /** A condition on the name of a run; null if it cannot be said. */
    @Nullable
    SentCondition name(Condition condition) {
        String field = "attributes.run_name";
        return switch (condition.operator()) {
            case EQUAL, NOT_EQUAL ->
                compared(field, condition, condition.operator(), StoredName.RUN.of(condition.value()));
            case LIKE, ILIKE -> likeName(field, condition);
            default -> null;
        };
    }

    private @Nullable SentCondition likeName(String field, Condition condition) {
        boolean ignoreCase = condition.operator() == Condition.Operator.ILIKE;
        String pattern = dialect.mayShortenNames()
                ? Spelling.beginning(condition.value(), KEPT, ignoreCase)
                : Spelling.pattern(condition.value(), ignoreCase);
        return pattern == null
                ? null
                : SentCondition.joined(field + " " + condition.operator().symbol() + " " + pattern);
    }

    private static @Nullable SentCondition compared(
            String field, Condition condition, Condition.Operator operator, String value) {
        String text = Spelling.text(value);
        return switch (operator) {
            case EQUAL -> text == null ? like(field, "LIKE", value) : SentCondition.joined(field + " = " + text);
            case NOT_EQUAL -> text == null ? null : SentCondition.joined(field + " != " + text);
            case LIKE, ILIKE -> like(field, operator.symbol(), value);
            default -> throw new IllegalStateException("no text is compared by " + condition.operator());
        };
    }

    private static @Nullable SentCondition like(String field, String operator, String value) {
        String pattern = Spelling.pattern(value, operator.equals("ILIKE"));
        return pattern == null ? null : SentCondition.joined(field + " " + operator + " " + pattern);
    }
}
