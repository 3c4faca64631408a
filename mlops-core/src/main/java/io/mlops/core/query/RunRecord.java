package io.mlops.core.query;

import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a search looks at in a run, so that a store need not make a {@link RunInfo} of every run it passes over. */
public interface RunRecord {
    /** What a run has but params, tags and metrics. */
    enum Attribute {
        RUN_ID,
        RUN_NAME,
        STATUS,
        /** In milliseconds since 1970. */
        START_TIME,
        /** In milliseconds since 1970; null while it runs. */
        END_TIME
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
    static RunRecord of(RunInfo run) {
        return new Whole(run);
    }

    /** A run that is there as a whole. */
    record Whole(RunInfo run) implements RunRecord {
        @Override
        public @Nullable Comparable<?> attribute(Attribute attribute) {
            return switch (attribute) {
                case RUN_ID -> run.id().value();
                case RUN_NAME -> run.name();
                case STATUS -> run.status().name();
                case START_TIME -> run.started().toEpochMilli();
                case END_TIME -> millis(run.ended());
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
}
