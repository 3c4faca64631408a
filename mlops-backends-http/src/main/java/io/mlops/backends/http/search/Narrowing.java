package io.mlops.backends.http.search;

import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.backends.http.server.Reserved;
import io.mlops.core.query.Condition;
import io.mlops.core.query.Condition.Operator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says the conditions of a search for runs in the server's words, each of them only if the server then finds all runs
 * that meet it. Immutable.
 */
final class Narrowing {
    /** Databases join a table for each key, take their time to find the best way, and have a limit. */
    private static final int MOST_TABLES = 12;

    private static final int MOST_CONDITIONS = 50;

    private final Dialect dialect;
    private final SentText texts;

    Narrowing(Dialect dialect) {
        this.dialect = dialect;
        this.texts = new SentText(dialect);
    }

    /**
     * What is sent of these conditions.
     *
     * @param tables that are joined for the order
     */
    SentFilter of(List<Condition> conditions, int tables) {
        List<Condition> distinct = conditions.stream().distinct().toList();
        List<SentCondition> sent = new ArrayList<>();
        int joined = tables;
        boolean alternatives = false;
        for (Condition condition : distinct) {
            SentCondition next = sent.size() < MOST_CONDITIONS ? sent(condition) : null;
            if (next != null
                    && joined + next.tables() <= MOST_TABLES
                    && !(alternatives && next.either().size() > 1)) {
                sent.add(next);
                joined += next.tables();
                alternatives |= next.either().size() > 1;
            }
        }
        boolean besidesData = tables > 0 || sent.stream().anyMatch(one -> one.tables() > 0 && !one.ofData());
        if (besidesData && sent.stream().anyMatch(SentCondition::ofData) && !dialect.joinsData()) {
            sent.removeIf(SentCondition::ofData);
        }
        return new SentFilter(joined(sent), sent.size() == distinct.size());
    }

    private static List<String> joined(List<SentCondition> sent) {
        List<String> filters = List.of("");
        for (SentCondition one : sent) {
            filters = filters.stream()
                    .flatMap(filter -> one.either().stream()
                            .map(condition -> filter.isEmpty() ? condition : filter + " AND " + condition))
                    .toList();
        }
        return filters;
    }

    /** A condition in the server's words; null if it cannot be said. */
    private @Nullable SentCondition sent(Condition condition) {
        String key = condition.field().key();
        return switch (condition.field().entity()) {
            case "attributes" -> attribute(key, condition);
            case "metrics" -> metric(key, condition);
            case "params" -> texts.keyed("params", key, condition);
            case "tags" -> tag(key, condition);
            case "dataset" -> SentData.of(key, condition);
            default -> null;
        };
    }

    private @Nullable SentCondition attribute(String name, Condition condition) {
        return switch (name) {
            case "run_id" -> SentIds.of(condition);
            case "run_name" -> texts.name(condition);
            case "status" -> status(condition);
            case "start_time", "end_time" -> time("attributes." + name, condition);
            case "user_id" -> tag(RunEnvironment.USER_TAG, condition);
            default -> null;
        };
    }

    private @Nullable SentCondition tag(String key, Condition condition) {
        if (Reserved.isReserved(key)) {
            return null;
        }
        if (key.equals(RunFact.NAME_TAG)) {
            return texts.name(condition);
        }
        return key.equals(RunFact.PARENT_TAG) ? parent(condition) : texts.keyed("tags", key, condition);
    }

    /** A condition on the parent, which MLflow's tag names by the server's id, and only if it is there. */
    private @Nullable SentCondition parent(Condition condition) {
        SentCondition ours = texts.keyed("tags", Reserved.PARENT, condition);
        SentCondition theirs = texts.keyed("tags", RunFact.PARENT_TAG, condition);
        if (ours == null || theirs == null) {
            return null;
        }
        return condition.operator() == Operator.IS_NULL ? ours.and(theirs) : ours.or(theirs);
    }

    /** A condition on a status that every server knows; runs of one that only the server knows are shown as of none. */
    private static @Nullable SentCondition status(Condition condition) {
        boolean compared = condition.operator() == Operator.EQUAL || condition.operator() == Operator.NOT_EQUAL;
        if (!compared || condition.value().equals("UNKNOWN")) {
            return null;
        }
        return SentCondition.free(
                "attributes.status " + condition.operator().symbol() + " '" + condition.value() + "'");
    }

    private static @Nullable SentCondition metric(String key, Condition condition) {
        double wanted = Double.parseDouble(condition.value());
        String field = Spelling.field("metrics", key);
        // Some servers take NaN for 0: that it differs from 0 they would not find.
        boolean hidesNan = condition.operator() == Operator.NOT_EQUAL && wanted == 0;
        if (field == null || hidesNan || Double.isInfinite(wanted)) {
            return null;
        }
        return SentCondition.joined(field + " " + condition.operator().symbol() + " " + (wanted + 0.0));
    }

    /** A condition on a time, which the server takes in whole milliseconds only. */
    private static @Nullable SentCondition time(String field, Condition condition) {
        double wanted = Double.parseDouble(condition.value());
        if (Math.abs(wanted) > 1L << 53) {
            return null;
        }
        double whole = switch (condition.operator()) {
            case GREATER, LESS_OR_EQUAL -> Math.floor(wanted);
            default -> Math.ceil(wanted);
        };
        boolean compared = condition.operator() == Operator.EQUAL || condition.operator() == Operator.NOT_EQUAL;
        if (compared && whole != wanted) {
            return null;
        }
        return SentCondition.free(field + " " + condition.operator().symbol() + " " + (long) whole);
    }
}
