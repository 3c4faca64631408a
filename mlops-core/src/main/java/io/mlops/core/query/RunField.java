package io.mlops.core.query;

import io.mlops.api.tracker.RunInput;
import io.mlops.core.query.RunRecord.Attribute;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The left side of a condition, or what to order by. */
sealed interface RunField {
    /** All that a field can be, for messages. */
    String CHOICES = "metrics.<key>, params.<key>, tags.<key>, dataset.<name, digest or context>"
            + " or one of run_id, run_name, status, start_time, end_time, user_id";

    /** What MLflow calls the user of a run. */
    String USER_TAG = "mlflow.user";

    /** A metric's latest value. */
    record Metric(String key) implements RunField {
        @Override
        public @Nullable Comparable<?> of(RunRecord run) {
            return run.metric(key);
        }
    }

    /** A param or a tag, which are text and may be missing. */
    record Entry(boolean param, String key) implements RunField {
        @Override
        public @Nullable String of(RunRecord run) {
            return param ? run.param(key) : run.tag(key);
        }
    }

    /** An attribute. */
    record Own(Attribute attribute) implements RunField {
        @Override
        public @Nullable Comparable<?> of(RunRecord run) {
            return run.attribute(attribute);
        }

        boolean isTime() {
            return attribute == Attribute.START_TIME || attribute == Attribute.END_TIME;
        }
    }

    /** Something of each of the datasets that the run read. */
    record OfInputs(Function<RunInput, String> part) implements RunField {
        @Override
        public @Nullable Comparable<?> of(RunRecord run) {
            return null;
        }
    }

    /** The value; null if there is none. */
    @Nullable
    Comparable<?> of(RunRecord run);

    /** Reads one, such as {@code metrics.auc}, {@code params.`my key`} or {@code status}. */
    static RunField read(QueryText text) {
        int position = text.position();
        Optional<String> quoted = text.quoted("`\"");
        String first = quoted.or(text::word).orElseThrow(() -> text.expected(CHOICES, position));
        if (quoted.isPresent() || !text.symbol('.')) {
            return attribute(first).orElseThrow(() -> text.expected(CHOICES, position));
        }
        String key =
                text.quoted("`\"").or(text::dotted).orElseThrow(() -> text.expected("a key, such as auc or `my key`"));
        return (switch (first.toLowerCase(Locale.ROOT)) {
                    case "metrics", "metric" -> Optional.of(new Metric(key));
                    case "params", "param", "parameters", "parameter" -> Optional.of(new Entry(true, key));
                    case "tags", "tag" -> Optional.of(new Entry(false, key));
                    case "attributes", "attribute", "attr", "run" -> attribute(key);
                    case "datasets", "dataset" -> dataset(key);
                    default -> Optional.<RunField>empty();
                })
                .orElseThrow(() -> text.expected(CHOICES, position));
    }

    private static Optional<RunField> attribute(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "run_id", "run id" -> Optional.of(new Own(Attribute.RUN_ID));
            case "run_name", "run name" -> Optional.of(new Own(Attribute.RUN_NAME));
            case "status" -> Optional.of(new Own(Attribute.STATUS));
            case "start_time", "created" -> Optional.of(new Own(Attribute.START_TIME));
            case "end_time" -> Optional.of(new Own(Attribute.END_TIME));
            case "user_id" -> Optional.of(new Entry(false, USER_TAG));
            default -> Optional.empty();
        };
    }

    private static Optional<RunField> dataset(String part) {
        Map<String, Function<RunInput, String>> parts =
                Map.of("name", RunInput::name, "digest", input -> input.digest().hex(), "context", RunInput::role);
        return Optional.ofNullable(parts.get(part.toLowerCase(Locale.ROOT))).map(OfInputs::new);
    }
}
