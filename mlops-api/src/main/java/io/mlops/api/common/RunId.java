package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * The name of a run, chosen by whoever starts it, without asking the store: 1 to 100 of {@code A-Z a-z 0-9 _ -},
 * beginning with a letter or digit.
 */
public record RunId(String value) implements ArtifactOwner {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0," + (Limits.RUN_ID - 1) + "}");

    public RunId {
        requireNonNull(value, "value");
        if (!isValid(value)) {
            throw new IllegalArgumentException("run id '" + Names.printable(value) + "' must be 1 to " + Limits.RUN_ID
                    + " of A-Z, a-z, 0-9, '_' and '-', and begin with a letter or digit" + Instead.ofId(value));
        }
    }

    /** Whether a text can be an id. */
    public static boolean isValid(String text) {
        return VALID.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
