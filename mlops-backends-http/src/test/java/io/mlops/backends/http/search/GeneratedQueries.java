package io.mlops.backends.http.search;

import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws questions for runs that were generated, in all words that a query has. */
final class GeneratedQueries {
    private final Random random;
    private final List<String> ids;

    GeneratedQueries(Random random, List<String> ids) {
        this.random = random;
        this.ids = ids;
    }

    RunQuery next() {
        List<String> names = new ArrayList<>();
        GeneratedRuns.EXPERIMENTS.stream().filter(name -> oneIn(2)).forEach(names::add);
        if (oneIn(5)) {
            List.of("one", "two", "three", "four", "five").forEach(unknown -> names.add("unknown " + unknown));
        }
        RunQuery query = RunQuery.of(names.toArray(String[]::new)).visibility(pick(Visibility.values()));
        for (int i = random.nextInt(4); i > 0; i--) {
            query = query.where(condition());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            query = query.orderBy(field() + pick("", " DESC"));
        }
        return query;
    }

    @SafeVarargs
    private <T> T pick(T... some) {
        return some[random.nextInt(some.length)];
    }

    private String pick(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private String key() {
        return "`" + pick(GeneratedRuns.KEYS) + "`";
    }

    private String field() {
        String metric = "metrics." + key();
        String own = pick("status", "start_time", "end_time", "run_name", "user_id", "run_id");
        return pick(metric, metric, own, own, "params." + key(), "tags." + key());
    }

    private String condition() {
        return switch (random.nextInt(12)) {
            case 0, 1 ->
                "metrics." + key() + numberOperator()
                        + pick(
                                "0",
                                "-1",
                                "0.5",
                                "1e300",
                                "+1E299",
                                "1.7976931348623157e308",
                                "1e999",
                                "-0.0",
                                "5e-324",
                                "7");
            case 2 -> "params." + key() + compared(pick(GeneratedRuns.TEXTS));
            case 3 -> "tags." + key() + compared(pick(GeneratedRuns.TEXTS));
            case 4 -> pick("params.", "tags.") + key() + pick(" IS NULL", " IS NOT NULL");
            case 5 -> pick("run_name", "tags.mlflow.runName") + compared(pick(GeneratedRuns.NAMES));
            case 6 -> "status" + pick(" = 'RUNNING'", " != 'FAILED'", " LIKE 'F%'", " ILIKE '%k%'", " = 'UNKNOWN'");
            case 7 -> "start_time" + numberOperator() + (GeneratedRuns.NOON + random.nextInt(5)) + pick("", ".5");
            case 8 -> "end_time" + numberOperator() + (GeneratedRuns.ONE + random.nextInt(4)) + pick("", ".5", "e3");
            case 9 -> pick("user_id", "tags.mlflow.user") + compared(pick(GeneratedRuns.TEXTS));
            case 10 -> id();
            default -> data();
        };
    }

    private String id() {
        String one = "'" + pick(ids) + "'";
        return pick(
                "run_id " + pick("= ", "!= ") + one,
                "run_id " + pick("IN (", "NOT IN (") + one + ", '" + pick(ids) + "', 'zz')",
                "run_id " + pick("LIKE 'run-%k'", "ILIKE 'RUN-1%'", "LIKE '%1%'", "ILIKE '%K'", "= 'no run'"),
                "tags.mlflow.parentRunId " + pick("= ", "= ", "!= ") + one,
                "tags.mlflow.parentRunId " + pick("LIKE 'run-%'", "ILIKE '%K%'", "IS NULL", "IS NOT NULL"));
    }

    private String data() {
        return pick(
                "dataset.name " + pick("= 'rows'", "!= 'rows'", "LIKE 'r%'", "ILIKE 'R%'", "= \"it's\""),
                "dataset.name " + pick("IN ('rows', 'x')", "NOT IN ('rows')"),
                "dataset.digest " + pick("= '", "!= '") + pick(GeneratedRuns.DIGESTS) + "'",
                "dataset.digest " + pick("LIKE 'a%'", "IN ('00ff')"),
                "dataset.context = 'test'");
    }

    private String numberOperator() {
        return pick(" > ", " >= ", " < ", " <= ", " = ", " != ");
    }

    private String compared(String text) {
        boolean equality = oneIn(2);
        String value = equality ? text : pattern(text);
        // What has both kinds of quotes cannot be written.
        String written = value.contains("'") ? '"' + value.replace("\"", "") + '"' : "'" + value + "'";
        return (equality ? pick(" = ", " != ") : pick(" LIKE ", " ILIKE ")) + written;
    }

    private String pattern(String text) {
        StringBuilder pattern = new StringBuilder();
        text.codePoints().limit(20).forEach(c -> {
            switch (random.nextInt(6)) {
                case 0 -> pattern.append('%');
                case 1 -> pattern.append('_');
                default -> pattern.appendCodePoint(c);
            }
        });
        return pattern + (text.length() > 20 || oneIn(3) ? "%" : "");
    }
}
