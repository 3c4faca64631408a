package io.mlops.core.query;

import io.mlops.api.tracker.RunInput;
import io.mlops.core.query.Searchable.Attribute;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The left side of a condition, or what to order by. */
sealed interface Field {
    /** What is searched, and what it has. */
    enum Subject {
        RUN("metrics.<key>, params.<key>, tags.<key>, dataset.<name, digest or context>"
                + " or one of run_id, run_name, status, start_time, end_time, user_id"),
        EXPERIMENT("tags.<key> or one of name, creation_time, last_update_time");

        private final String choices;

        Subject(String choices) {
            this.choices = choices;
        }
    }

    /** What MLflow calls the user of a run. */
    String USER_TAG = "mlflow.user";

    /** A metric's latest value. */
    record Metric(String key) implements Field {
        @Override
        public @Nullable Comparable<?> of(Searchable run) {
            return run.metric(key);
        }
    }

    /** A param or a tag, which are text and may be missing. */
    record Entry(boolean param, String key) implements Field {
        @Override
        public @Nullable String of(Searchable run) {
            return param ? run.param(key) : run.tag(key);
        }
    }

    /** An attribute. */
    record Own(Attribute attribute) implements Field {
        @Override
        public @Nullable Comparable<?> of(Searchable run) {
            return run.attribute(attribute);
        }

        boolean isTime() {
            return switch (attribute) {
                case START_TIME, END_TIME, CREATION_TIME, LAST_UPDATE_TIME -> true;
                case RUN_ID, RUN_NAME, STATUS, NAME -> false;
            };
        }
    }

    /** Something of each of the datasets that the run read. */
    record OfInputs(Function<RunInput, String> part) implements Field {
        @Override
        public @Nullable Comparable<?> of(Searchable run) {
            return null;
        }
    }

    /** The value; null if there is none. */
    @Nullable
    Comparable<?> of(Searchable run);

    /** Reads one, such as {@code metrics.auc}, {@code params.`my key`} or {@code status}. */
    static Field read(QueryText text, Subject subject) {
        int position = text.position();
        Optional<String> quoted = text.quoted("`\"");
        String first = quoted.or(text::word).orElseThrow(() -> text.expected(subject.choices, position));
        if (quoted.isPresent() || !text.symbol('.')) {
            return attribute(first, subject).orElseThrow(() -> text.expected(subject.choices, position));
        }
        String key =
                text.quoted("`\"").or(text::dotted).orElseThrow(() -> text.expected("a key, such as auc or `my key`"));
        return of(first.toLowerCase(Locale.ROOT), key, subject)
                .orElseThrow(() -> text.expected(subject.choices, position));
    }

    private static Optional<Field> of(String entity, String key, Subject subject) {
        boolean ofRun = subject == Subject.RUN;
        return switch (entity) {
            case "tags", "tag" -> Optional.of(new Entry(false, key));
            case "attributes", "attribute", "attr" -> attribute(key, subject);
            case "run" -> ofRun ? attribute(key, subject) : Optional.empty();
            case "metrics", "metric" -> ofRun ? Optional.of(new Metric(key)) : Optional.empty();
            case "params", "param", "parameters", "parameter" ->
                ofRun ? Optional.of(new Entry(true, key)) : Optional.empty();
            case "datasets", "dataset" -> ofRun ? dataset(key) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Field> attribute(String name, Subject subject) {
        String lower = name.toLowerCase(Locale.ROOT);
        return subject == Subject.RUN ? ofRun(lower) : ofExperiment(lower).map(Own::new);
    }

    private static Optional<Field> ofRun(String name) {
        return switch (name) {
            case "run_id", "run id" -> Optional.of(new Own(Attribute.RUN_ID));
            case "run_name", "run name" -> Optional.of(new Own(Attribute.RUN_NAME));
            case "status" -> Optional.of(new Own(Attribute.STATUS));
            case "start_time", "created" -> Optional.of(new Own(Attribute.START_TIME));
            case "end_time" -> Optional.of(new Own(Attribute.END_TIME));
            case "user_id" -> Optional.of(new Entry(false, USER_TAG));
            default -> Optional.empty();
        };
    }

    private static Optional<Attribute> ofExperiment(String name) {
        return switch (name) {
            case "name" -> Optional.of(Attribute.NAME);
            case "creation_time", "created" -> Optional.of(Attribute.CREATION_TIME);
            case "last_update_time" -> Optional.of(Attribute.LAST_UPDATE_TIME);
            default -> Optional.empty();
        };
    }

    private static Optional<Field> dataset(String part) {
        Map<String, Function<RunInput, String>> parts =
                Map.of("name", RunInput::name, "digest", input -> input.digest().hex(), "context", RunInput::role);
        return Optional.ofNullable(parts.get(part.toLowerCase(Locale.ROOT))).map(OfInputs::new);
    }
}
