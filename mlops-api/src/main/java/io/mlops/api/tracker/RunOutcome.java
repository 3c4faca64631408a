package io.mlops.api.tracker;

import io.mlops.api.common.Names;
import java.nio.charset.StandardCharsets;

/** How a run ended. */
public sealed interface RunOutcome {
    /** It did what it should. */
    record Finished() implements RunOutcome {}

    /** It did not; what was thrown, or why it is taken for failed. */
    record Failed(String type, String message) implements RunOutcome {
        private static final int MAX_MESSAGE = 8000;

        public Failed {
            message = storable(message);
        }

        /** An exception's message may hold anything; what UTF-8 cannot hold becomes a question mark. */
        private static String storable(String message) {
            String cut = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
            return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        }

        /** Type and message of an exception. */
        public static Failed because(Throwable cause) {
            String message;
            try {
                message = cause.getMessage();
            } catch (RuntimeException overridden) {
                message = "its message could not be read: "
                        + overridden.getClass().getName();
            }
            return new Failed(cause.getClass().getName(), message == null ? "" : message);
        }
    }

    /** Somebody stopped it. */
    record Killed(String reason) implements RunOutcome {
        public Killed {
            Names.checkValue("the reason", reason, 8000, "");
        }
    }
}
