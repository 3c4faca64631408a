package io.mlops.backends.http.standin;

import java.util.Locale;

/** What MLflow takes as names and values. */
final class Keys {
    private Keys() {}

    /** Refuses what is no key of a metric, param or tag. */
    static void check(String path, String key) {
        if (!key.codePoints().allMatch(Keys::allowed)) {
            throw Refusal.invalid("Invalid value \"" + key + "\" for parameter '" + path
                    + "' supplied: Names may only contain alphanumerics, …");
        }
        boolean odd = key.startsWith("..") || key.isEmpty();
        for (String part : key.split("/", -1)) {
            odd |= part.isEmpty() || part.equals(".") || part.equals("..");
        }
        if (odd) {
            throw Refusal.invalid("Invalid value \"" + key + "\" for parameter '" + path
                    + "' supplied: Names may be treated as files in certain cases, …");
        }
        limit(path, 250, key);
    }

    /** Refuses what has more characters. */
    static void limit(String path, int limit, String value) {
        if (length(value) > limit) {
            throw Refusal.invalid("'" + path + "' exceeds the maximum length of " + limit + " characters");
        }
    }

    /** Cuts what has more characters, as servers do that find that helpful, or refuses it. */
    static String cut(String path, int limit, String value, Release release) {
        if (!release.cutsLongValues()) {
            limit(path, limit, value);
        }
        return length(value) <= limit ? value : value.substring(0, value.offsetByCodePoints(0, limit));
    }

    static void checkModel(String name, Release release) {
        boolean blank = release.three() ? name.isBlank() : name.isEmpty();
        if (blank) {
            throw Refusal.missing("name");
        }
        boolean forbidden = name.contains("/") || name.contains(":") || name.equals(".") || name.startsWith("..");
        if (release.three() && forbidden) {
            throw Refusal.invalid("Invalid model name '" + name + "'. Names cannot contain '/' or ':'.");
        }
    }

    static void checkAlias(String alias) {
        boolean allowed = alias.codePoints().allMatch(c -> c == '-' || word(c));
        if (!allowed || alias.isEmpty()) {
            throw Refusal.invalid("Invalid alias name: '" + alias + "'. Names may only contain alphanumerics, …");
        }
        limit("alias", 255, alias);
    }

    static void checkAliasIsFree(String alias) {
        if (alias.toLowerCase(Locale.ROOT).equals("latest") || alias.matches("[vV]\\d+")) {
            throw Refusal.invalid("'" + alias + "' alias name is reserved.");
        }
    }

    private static boolean allowed(int c) {
        return word(c) || "/.- :".indexOf(c) >= 0;
    }

    /** Tells whether Python's {@code \w} takes the character: no combining marks, no joiners. */
    private static boolean word(int c) {
        return c == '_'
                || Character.isLetter(c)
                || switch (Character.getType(c)) {
                    case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
                    default -> false;
                };
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
