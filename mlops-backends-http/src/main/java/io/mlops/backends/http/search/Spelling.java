package io.mlops.backends.http.search;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts of a filter as every server reads them. What one might read in another way is left open or not written: a
 * filter may let through more runs than it should, never fewer. Not for instances.
 */
final class Spelling {
    /** Keys that servers keep, but for those with a space at an end, which some read without it. */
    private static final Pattern KEY =
            Pattern.compile("[\\p{L}\\p{N}_/.:-](?:[\\p{L}\\p{N}_/.: -]*[\\p{L}\\p{N}_/.:-])?");

    /** Letters that have others of the same kind in another case outside of ASCII, such as the sign of Kelvin. */
    private static final String WITH_FOREIGN_CASES = "kKsSiI";

    /** Characters that are wildcards or escapes in the patterns of some databases. */
    private static final String WILD_SOMEWHERE = "\\[]^";

    private static final int LONGEST_TEXT = 1000;
    private static final int LONGEST_LIST = 50;
    private static final int LONGEST_PATTERN = 200;
    /** Databases try all ways to spread a text over the wildcards. */
    private static final int MOST_WILDCARDS = 8;

    private Spelling() {}

    /** The name of a field, such as {@code metrics.`val loss`}; null for a key that cannot be there. */
    static @Nullable String field(String entity, String key) {
        return KEY.matcher(key).matches() ? entity + ".`" + key + "`" : null;
    }

    /** A text in quotes; null if it cannot be written exactly. */
    static @Nullable String text(String text) {
        boolean exact = text.length() <= LONGEST_TEXT
                && (text.indexOf('\'') < 0 || text.indexOf('"') < 0)
                && text.codePoints().allMatch(c -> c != '\\' && isText(c));
        return exact ? quoted(text) : null;
    }

    /** Texts in quotes between parentheses; null if one of them cannot be written exactly, or there are many. */
    static @Nullable String list(List<String> texts) {
        boolean exact = texts.size() <= LONGEST_LIST
                && texts.stream()
                        .allMatch(text -> text.indexOf('\'') < 0 && text.indexOf('"') < 0 && text(text) != null);
        return exact ? texts.stream().map(Spelling::quoted).collect(Collectors.joining(", ", "(", ")")) : null;
    }

    /**
     * A pattern in quotes that takes whatever this one does, and perhaps more; null if it is too much for a database.
     *
     * @param ignoreCase whether the server compares without case, for which each has its own idea
     */
    static @Nullable String pattern(String pattern, boolean ignoreCase) {
        boolean bothQuotes = pattern.indexOf('\'') >= 0 && pattern.indexOf('"') >= 0;
        StringBuilder wider = new StringBuilder();
        int wildcards = 0;
        for (int at = 0; at < pattern.length(); ) {
            int c = pattern.codePointAt(at);
            at += Character.charCount(c);
            boolean plain = wider.length() < LONGEST_PATTERN
                    && isText(c)
                    && c != '%'
                    && WILD_SOMEWHERE.indexOf(c) < 0
                    && !(bothQuotes && c == '"')
                    && !(ignoreCase && (c >= 0x80 || WITH_FOREIGN_CASES.indexOf(c) >= 0));
            if (plain) {
                wider.appendCodePoint(c);
            } else if (wider.isEmpty() || wider.charAt(wider.length() - 1) != '%') {
                wider.append('%');
                wildcards++;
            }
        }
        return wildcards > MOST_WILDCARDS ? null : quoted(wider.toString());
    }

    /** The pattern of all texts that begin as a pattern does, at most with this many characters. */
    static @Nullable String beginning(String pattern, int most, boolean ignoreCase) {
        int end = 0;
        while (end < Math.min(most, pattern.length()) && pattern.charAt(end) != '%' && pattern.charAt(end) != '_') {
            end++;
        }
        return end == 0 ? null : pattern(pattern.substring(0, end) + "%", ignoreCase);
    }

    /** Whether every database holds this character, which is no half of one and none that controls a device. */
    private static boolean isText(int character) {
        int type = Character.getType(character);
        return type != Character.CONTROL && type != Character.SURROGATE;
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') < 0 ? '\'' : '"';
        return quote + text + quote;
    }
}
