package io.mlops.api.common;

import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Pattern;

/** Suggests what to write in place of a name or key that is refused: {@code recall@10} becomes {@code recall_at_10}. */
final class Instead {
    private static final Map<String, String> WORDS = Map.of("@", "at", "%", "percent", "&", "and", "+", "plus");
    private static final Pattern NO_KEY = Pattern.compile("[^\\p{L}\\p{Nd}_/. -]+");
    private static final Pattern NO_ID = Pattern.compile("[^A-Za-z0-9_-]+");
    private static final Pattern UNREADABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]+");

    private Instead() {}

    /** The end of a message about a key; empty if nothing like it would do. */
    static String ofKey(String key) {
        String composed = Normalizer.normalize(key, Normalizer.Form.NFC);
        if (!composed.equals(key) && Names.isKey(composed)) {
            return ": write '" + composed + "' with one character for each letter, as Normalizer.Form.NFC has it";
        }
        String text = composed.replace('\\', '/');
        for (Map.Entry<String, String> word : WORDS.entrySet()) {
            text = text.replace(word.getKey(), "_" + word.getValue() + "_");
        }
        StringBuilder path = new StringBuilder();
        for (String part : NO_KEY.matcher(text).replaceAll("_").split("/", -1)) {
            String segment = trimmed(part, '_').strip();
            if (!segment.isEmpty() && !segment.equals(".") && !segment.equals("..")) {
                path.append(path.length() == 0 ? "" : "/").append(segment);
            }
        }
        return told(key, path.toString(), Limits.KEY);
    }

    /** The end of a message about an id or alias; empty if nothing like it would do. */
    static String ofId(String id) {
        if (id.length() > Limits.KEY) {
            return "";
        }
        String text = trimmed(NO_ID.matcher(id).replaceAll("-"), '-');
        return told(id, text.replaceFirst("^[_-]+", ""), Limits.RUN_ID);
    }

    /** The end of a message about a name with characters that nobody can read; empty if nothing else is in it. */
    static String ofName(String name) {
        String text =
                name.length() > Limits.NAME ? "" : UNREADABLE.matcher(name).replaceAll(" ");
        return told(name, text.strip(), Limits.NAME);
    }

    /** The text with one mark where there were several, and none at its ends. */
    private static String trimmed(String text, char mark) {
        String once = text.replaceAll(mark + "{2,}", String.valueOf(mark));
        int begin = !once.isEmpty() && once.charAt(0) == mark ? 1 : 0;
        int end = once.length() > begin && once.charAt(once.length() - 1) == mark ? 1 : 0;
        return once.substring(begin, once.length() - end);
    }

    private static String told(String wrong, String instead, int most) {
        boolean helps = !instead.isBlank() && instead.length() <= most && !instead.equals(wrong);
        return helps ? ": write '" + instead + "'" : "";
    }
}
