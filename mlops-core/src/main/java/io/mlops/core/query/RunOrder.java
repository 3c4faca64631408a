package io.mlops.core.query;

import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MLflow's order terms: parsed once, then compared over records. */
public final class RunOrder {
    private static final Comparator<RunInfo> NEWEST_FIRST = Comparator.comparing(RunInfo::started)
            .reversed()
            .thenComparing(run -> run.id().value());

    private static final Pattern TERM = Pattern.compile(
            "\\s*(?:(?<entity>\\w+)\\s*\\.\\s*)?(?:`(?<tick>[^`]+)`|\"(?<quote>[^\"]+)\"|(?<plain>[^\\s`\"]+))"
                    + "(?:\\s+(?<way>ASC|DESC))?\\s*",
            Pattern.CASE_INSENSITIVE);

    private static final Map<String, Function<RunInfo, @Nullable Comparable<?>>> ATTRIBUTES = Map.of(
            "run_id", run -> run.id().value(),
            "run_name", RunInfo::name,
            "run name", RunInfo::name,
            "status", run -> run.status().name(),
            "start_time", RunInfo::started,
            "created", RunInfo::started,
            "end_time", RunInfo::ended);

    private RunOrder() {}

    /**
     * By the terms in turn, then newest first, then id.
     *
     * @throws IllegalArgumentException naming the term that cannot be read
     */
    public static Comparator<RunInfo> of(List<String> terms) {
        Comparator<RunInfo> order = null;
        for (String term : terms) {
            order = order == null ? term(term) : order.thenComparing(term(term));
        }
        return order == null ? NEWEST_FIRST : order.thenComparing(NEWEST_FIRST);
    }

    private static Comparator<RunInfo> term(String term) {
        Matcher matcher = TERM.matcher(term);
        if (!matcher.matches()) {
            throw unreadable(term);
        }
        String key = firstOf(matcher, "tick", "quote", "plain");
        String entity = matcher.group("entity");
        Function<RunInfo, @Nullable Comparable<?>> value =
                switch (entity == null ? "attributes" : entity.toLowerCase(Locale.ROOT)) {
                    case "metrics", "metric" -> run -> metric(run, key);
                    case "params", "param", "parameters", "parameter" ->
                        run -> run.params().get(key);
                    case "tags", "tag" -> run -> run.tags().get(key);
                    case "attributes", "attribute", "attr", "run" -> attribute(term, key);
                    default -> throw unreadable(term);
                };
        boolean descending = "DESC".equalsIgnoreCase(matcher.group("way"));
        return (a, b) -> compare(value.apply(a), value.apply(b), descending);
    }

    private static String firstOf(Matcher matcher, String... groups) {
        for (String group : groups) {
            String found = matcher.group(group);
            if (found != null) {
                return found;
            }
        }
        throw new IllegalStateException("one of the groups always matches");
    }

    private static Function<RunInfo, @Nullable Comparable<?>> attribute(String term, String key) {
        Function<RunInfo, @Nullable Comparable<?>> value = ATTRIBUTES.get(key.toLowerCase(Locale.ROOT));
        if (value == null) {
            throw unreadable(term);
        }
        return value;
    }

    /** NaN sorts like a missing value: last, whichever way. */
    private static @Nullable Comparable<?> metric(RunInfo run, String key) {
        MetricSummary summary = run.metrics().get(key);
        return summary == null || Double.isNaN(summary.latest().value())
                ? null
                : (Comparable<?>) summary.latest().value();
    }

    @SuppressWarnings("unchecked") // both come from the same term, hence are of one type
    private static int compare(@Nullable Comparable<?> a, @Nullable Comparable<?> b, boolean descending) {
        if (a == null || b == null) {
            return Boolean.compare(a == null, b == null);
        }
        int ascending = ((Comparable<Object>) a).compareTo(b);
        return descending ? -ascending : ascending;
    }

    private static IllegalArgumentException unreadable(String term) {
        return new IllegalArgumentException("cannot order by '" + term + "': write metrics.<key>, params.<key>,"
                + " tags.<key>, or attributes.<start_time, end_time, run_id, run_name or status>, then ASC or DESC;"
                + " put keys with spaces in backticks");
    }
}
