package io.mlops.core.query;

import java.util.function.Predicate;

/**
 * A pattern of SQL's LIKE: {@code %} stands for any text, {@code _} for any one character, of however many bytes; there is
 * no escape. It takes time linear in text times pattern, whatever the pattern, since it may come from a stranger.
 */
final class LikePattern implements Predicate<String> {
    private final int[] pattern;
    private final boolean ignoreCase;

    LikePattern(String pattern, boolean ignoreCase) {
        this.pattern = pattern.codePoints().toArray();
        this.ignoreCase = ignoreCase;
    }

    @Override
    public boolean test(String text) {
        int inText = 0;
        int inPattern = 0;
        int afterPercent = -1;
        int retryAt = 0;
        while (inText < text.length()) {
            int found = text.charAt(inText);
            if (Character.isHighSurrogate((char) found)) {
                found = text.codePointAt(inText);
            }
            if (inPattern < pattern.length && pattern[inPattern] == '%') {
                afterPercent = ++inPattern;
                retryAt = inText;
            } else if (inPattern < pattern.length && same(pattern[inPattern], found)) {
                inPattern++;
                inText += Character.charCount(found);
            } else if (afterPercent >= 0) {
                // The last % has to swallow one more.
                inPattern = afterPercent;
                retryAt += Character.charCount(text.codePointAt(retryAt));
                inText = retryAt;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length && pattern[inPattern] == '%') {
            inPattern++;
        }
        return inPattern == pattern.length;
    }

    private boolean same(int wanted, int found) {
        return wanted == '_'
                || wanted == found
                || (ignoreCase
                        && Character.toLowerCase(Character.toUpperCase(wanted))
                                == Character.toLowerCase(Character.toUpperCase(found)));
    }
}
