package io.mlops.api.common;

import java.text.Normalizer;
import java.util.Map;
import java.util.function.Predicate;
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
        if (!composed.equals(key) && isFreeKey(composed)) {
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
        return told(key, path.toString(), Instead::isFreeKey);
    }

    /** Nobody is told to write the key of a tag that stores keep for themselves. */
    private static boolean isFreeKey(String key) {
        return Names.isKey(key) && !Names.isOwnTag(key);
    }

    /** The end of a message about the id of a run; empty if nothing like it would do. */
    static String ofId(String id) {
        return told(id, plain(id), RunId::isValid);
    }

    /** The end of a message about an alias; empty if nothing like it would do. */
    static String ofAlias(String alias) {
        return told(alias, plain(alias), Names::isAlias);
    }

    /** The text of the characters that ids and aliases have; empty if it is too long for both. */
    private static String plain(String text) {
        String id =
                text.length() > Limits.KEY ? "" : trimmed(NO_ID.matcher(text).replaceAll("-"), '-');
        return id.replaceFirst("^[_-]+", "");
    }

    /**
     * The end of a message about the name of a model that reads as a version.
     *
     * @param model the name of the model that it reads as a version of
     */
    static String ofModel(String name, String model) {
        return told(name, model, Names::isModelName);
    }

    /** The end of a message about a name with characters that nobody can read; empty if nothing else is in it. */
    static String ofName(String name, Predicate<String> taken) {
        String text =
                name.length() > Limits.NAME ? "" : UNREADABLE.matcher(name).replaceAll(" ");
        return told(name, text.strip(), taken);
    }

    /** The end of a message about a path with characters that some systems read as a place; empty if it has other faults. */
    static String ofPath(String path, Predicate<String> taken) {
        String text = path.replaceAll("[\\\\:]", "_");
        return taken.test(text) ? ", for instance to '" + text + "'" : "";
    }

    /** The text with one mark where there were several, and none at its ends. */
    private static String trimmed(String text, char mark) {
        String once = text.replaceAll(mark + "{2,}", String.valueOf(mark));
        int begin = !once.isEmpty() && once.charAt(0) == mark ? 1 : 0;
        int end = once.length() > begin && once.charAt(once.length() - 1) == mark ? 1 : 0;
        return once.substring(begin, once.length() - end);
    }

    private static String told(String wrong, String instead, Predicate<String> taken) {
        return taken.test(instead) && !instead.equals(wrong) ? ": write '" + instead + "'" : "";
    }
}
