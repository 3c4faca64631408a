package io.mlops.backends.http.server;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a text of any length in tags: the first piece under a key, begun with their number if there are more, the others
 * under the key with {@code .2}, {@code .3} and so on. Not for instances.
 */
public final class LongTag {
    /** Number of characters of a piece; servers before 2.17 take 5000. */
    private static final int PIECE = 4500;

    private static final char AFTER_COUNT = '|';

    private LongTag() {}

    /** The tags that hold a text, which begins with no digit. */
    public static Map<String, String> write(String key, String text) {
        Map<String, String> tags = new TreeMap<>();
        if (text.length() <= PIECE) {
            tags.put(key, text);
            return tags;
        }
        StringBuilder first = new StringBuilder();
        int count = 0;
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + PIECE);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            count++;
            if (count == 1) {
                first.append(text, from, to);
            } else {
                tags.put(key + "." + count, text.substring(from, to));
            }
            from = to;
        }
        tags.put(key, first.insert(0, Integer.toString(count) + AFTER_COUNT).toString());
        return tags;
    }

    /** The text that tags hold under a key; null if there is none, or a piece is missing. */
    public static @Nullable String read(String key, Map<String, String> tags) {
        String first = tags.get(key);
        if (first == null || first.isEmpty() || !Character.isDigit(first.charAt(0))) {
            return first;
        }
        int end = first.indexOf(AFTER_COUNT);
        int count = count(first, end);
        StringBuilder text = new StringBuilder(first.substring(Math.max(0, end) + 1));
        for (int i = 2; i <= count; i++) {
            String piece = tags.get(key + "." + i);
            if (piece == null) {
                return null;
            }
            text.append(piece);
        }
        return count < 2 ? null : text.toString();
    }

    private static int count(String first, int end) {
        try {
            return end < 0 ? 0 : Integer.parseInt(first.substring(0, end));
        } catch (NumberFormatException othersWroteIt) {
            return 0;
        }
    }
}
