package io.mlops.core.query;

import java.util.function.Predicate;

/**
 * A pattern of SQL's LIKE: {@code %} stands for any text, {@code _} for any one character; there is no escape. It takes
 * time linear in text times pattern, whatever the pattern, since it may come from a stranger.
 */
record LikePattern(String pattern, boolean ignoreCase) implements Predicate<String> {
    @Override
    public boolean test(String text) {
        int inText = 0;
        int inPattern = 0;
        int afterPercent = -1;
        int retryAt = 0;
        while (inText < text.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '%') {
                afterPercent = ++inPattern;
                retryAt = inText;
            } else if (inPattern < pattern.length() && same(pattern.charAt(inPattern), text.charAt(inText))) {
                inPattern++;
                inText++;
            } else if (afterPercent >= 0) {
                // The last % has to swallow one more.
                inPattern = afterPercent;
                inText = ++retryAt;
            } else {
                return false;
            }
        }
        return pattern.chars().skip(inPattern).allMatch(rest -> rest == '%');
    }

    private boolean same(char wanted, char found) {
        return wanted == '_'
                || wanted == found
                || (ignoreCase
                        && Character.toLowerCase(Character.toUpperCase(wanted))
                                == Character.toLowerCase(Character.toUpperCase(found)));
    }
}
