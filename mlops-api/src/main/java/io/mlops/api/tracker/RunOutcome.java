package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The way in which a run ended. */
public sealed interface RunOutcome {
    /** The run did what it should. */
    record Finished() implements RunOutcome {}

    /** The run failed, with the type and message of what was thrown, or of why it is taken for failed. */
    record Failed(String type, String message) implements RunOutcome {
        public Failed {
            requireNonNull(type, "type");
            requireNonNull(message, "message");
            type = storable(type, Limits.FAILURE_TYPE);
            message = storable(message, Limits.OUTCOME);
        }

        /** An exception's message may hold anything; what UTF-8 or a database cannot hold becomes a question mark. */
        private static String storable(String text, int longest) {
            String cut = text.length() > longest ? text.substring(0, longest) : text;
            return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '?');
        }

        /** Type and message of an exception, whatever its own methods do; null is an unknown failure. */
        public static Failed because(@Nullable Throwable cause) {
            if (cause == null) {
                return new Failed("unknown", "nobody said what failed");
            }
            String message;
            try {
                message = cause.getMessage();
            } catch (Throwable overridden) {
                message = "its message could not be read: "
                        + overridden.getClass().getName();
            }
            return new Failed(cause.getClass().getName(), message == null ? "" : message);
        }
    }

    /** Somebody stopped the run. */
    record Killed(String reason) implements RunOutcome {
        public Killed {
            Names.checkValue("the reason", reason, Limits.OUTCOME, "");
        }
    }
}
