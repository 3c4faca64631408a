package io.mlops.core.query;

import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a search looks at, so that a store need not make a {@link RunInfo} of every run that it passes over. */
public interface Searchable {
    /** What something has but params, tags and metrics. Times are in milliseconds since 1970. */
    enum Attribute {
        RUN_ID,
        RUN_NAME,
        STATUS,
        START_TIME,
        /** Null while it runs. */
        END_TIME,
        NAME,
        CREATION_TIME,
        LAST_UPDATE_TIME
    }

    /** A {@link Long} for times, text for the rest. */
    @Nullable
    Comparable<?> attribute(Attribute attribute);

    /** Null if it was never set. */
    @Nullable
    String param(String key);

    /** Null if it was never set. */
    @Nullable
    String tag(String key);

    /** The latest value; null if it was never recorded. */
    @Nullable
    Double metric(String key);

    /** The data that it read. */
    List<RunInput> inputs();

    /** A run that is there as a whole. */
    record OfRun(RunInfo run) implements Searchable {
        @Override
        public @Nullable Comparable<?> attribute(Attribute attribute) {
            return switch (attribute) {
                case RUN_ID -> run.id().value();
                case RUN_NAME -> run.name();
                case STATUS -> run.status().name();
                case START_TIME -> run.started().toEpochMilli();
                case END_TIME -> millis(run.ended());
                case NAME, CREATION_TIME, LAST_UPDATE_TIME -> null;
            };
        }

        @Override
        public @Nullable String param(String key) {
            return run.params().get(key);
        }

        @Override
        public @Nullable String tag(String key) {
            return run.tags().get(key);
        }

        @Override
        public @Nullable Double metric(String key) {
            MetricSummary summary = run.metrics().get(key);
            return summary == null ? null : (Double) summary.latest().value();
        }

        @Override
        public List<RunInput> inputs() {
            return run.inputs();
        }

        private static @Nullable Long millis(@Nullable Instant time) {
            return time == null ? null : (Long) time.toEpochMilli();
        }
    }

    /** An experiment, which has tags only. */
    record OfExperiment(Experiment experiment) implements Searchable {
        @Override
        public @Nullable Comparable<?> attribute(Attribute attribute) {
            return switch (attribute) {
                case NAME -> experiment.name();
                case CREATION_TIME -> experiment.created().toEpochMilli();
                case LAST_UPDATE_TIME -> experiment.updated().toEpochMilli();
                case RUN_ID, RUN_NAME, STATUS, START_TIME, END_TIME -> null;
            };
        }

        @Override
        public @Nullable String param(String key) {
            return null;
        }

        @Override
        public @Nullable String tag(String key) {
            return experiment.tags().get(key);
        }

        @Override
        public @Nullable Double metric(String key) {
            return null;
        }

        @Override
        public List<RunInput> inputs() {
            return List.of();
        }
    }
}
