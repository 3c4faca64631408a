package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/** The rules for names, keys and values, the same on every backend, so that a program that works on one works on all. */
public final class Names {
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]{1," + Limits.ALIAS + "}");
    private static final Pattern VERSION_LIKE = Pattern.compile("[vV][0-9]+");
    private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{Nd}_/. -]+");
    private static final Pattern FORMER_KEY = Pattern.compile("[\\w/. -]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern MARK = Pattern.compile("[\\p{M}\\x{200C}\\x{200D}]");
    private static final String OWN_TAG = "mlops.id";
    private static final String OWN_TAGS = "mlops.store.";
    private static final String OWN_FOLDER = ".mlops";

    private Names() {}

    /**
     * Checks the name of an experiment, model or dataset: 1 to 500 characters, not blank, no control characters.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static String checkName(String what, String name) {
        if (requireNonNull(name, "the name of the " + what).isBlank()) {
            throw new IllegalArgumentException("the name of the " + what + " is blank");
        }
        checkLength("the name of the " + what, name, Limits.NAME, "shorten it, and keep the rest in a tag");
        checkText("the name of the " + what, name);
        return name;
    }

    /**
     * Checks the key of a metric, param or tag by MLflow's rule: 1 to 250 letters and decimal digits (of any script),
     * {@code _}, {@code /}, {@code .}, {@code -} and spaces, without combining marks and joiners, and a path that needs no
     * normalising.
     *
     * @throws IllegalArgumentException naming what is wrong, and what to write instead
     */
    public static String checkKey(String what, String key) {
        return checkKey(what, key, KEY);
    }

    /**
     * Checks a key that a store may have from before combining marks and joiners were refused: to look for it, or to take
     * it away.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static String checkFormerKey(String what, String key) {
        return checkKey(what, key, FORMER_KEY);
    }

    /**
     * Checks the key of a tag that is set: a key by {@link #checkKey}, but none of those under which stores keep what is
     * theirs, {@code mlops.id} and all that begin with {@code mlops.store.}
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static String checkTagKey(String key) {
        return checkNotOwn(checkKey("tag", key));
    }

    /**
     * Checks the key of a tag that is taken away, as {@link #checkFormerKey} does, and none of those that are the stores'.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static String checkFormerTagKey(String key) {
        return checkNotOwn(checkFormerKey("tag", key));
    }

    private static String checkNotOwn(String key) {
        if (isOwnTag(key)) {
            throw new IllegalArgumentException("tag '" + key + "' is reserved: stores keep what is theirs under '"
                    + OWN_TAG + "' and '" + OWN_TAGS + "…', so choose another key");
        }
        return key;
    }

    /** Whether a tag is one of those under which stores keep what is theirs. */
    public static boolean isOwnTag(String key) {
        return key.equals(OWN_TAG) || key.startsWith(OWN_TAGS);
    }

    /**
     * Checks the path of an artifact of a run that is to be stored: not in the folder {@code .mlops}, where stores keep what
     * is theirs.
     *
     * @throws IllegalArgumentException naming the path
     */
    public static RelativePath checkArtifact(RelativePath path) {
        if (path.segments().get(0).equals(OWN_FOLDER)) {
            throw new IllegalArgumentException("artifact '" + path + "' lies in '" + OWN_FOLDER
                    + "', where stores keep what is theirs: put it into another folder");
        }
        return path;
    }

    private static String checkKey(String what, String key, Pattern rule) {
        if (requireNonNull(key, "the key of the " + what).isBlank()) {
            throw new IllegalArgumentException("the key of the " + what + " is blank");
        }
        checkLength("the key of the " + what, key, Limits.KEY, "shorten it, and keep the rest in a value");
        if (!rule.matcher(key).matches()) {
            throw new IllegalArgumentException("the key of the " + what + " '" + printable(key)
                    + "' may hold letters, decimal digits, '_', '/', '.', '-' and spaces only"
                    + (MARK.matcher(key).find() ? ", without combining marks and joiners, which no server takes" : "")
                    + Instead.ofKey(key));
        }
        if (!isPlainPath(key)) {
            throw new IllegalArgumentException("the key of the " + what + " '" + key
                    + "' must read like a plain path: no empty part, '.' or '..' between slashes"
                    + Instead.ofKey(key));
        }
        return key;
    }

    /** Whether {@link #checkKey} takes a key of this length. */
    static boolean isKey(String key) {
        return KEY.matcher(key).matches() && isPlainPath(key);
    }

    private static boolean isPlainPath(String key) {
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks an alias: 1 to 255 of {@code A-Z a-z 0-9 _ -}, not {@code latest} in any case, which always exists, and
     * not like {@code v7}, which servers refuse.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static String checkAlias(String alias) {
        if (!ALIAS.matcher(requireNonNull(alias, "alias")).matches()) {
            throw new IllegalArgumentException("alias '" + printable(alias) + "' must be 1 to " + Limits.ALIAS
                    + " of A-Z, a-z, 0-9, '_' and '-'" + Instead.ofId(alias));
        }
        if (alias.equalsIgnoreCase(VersionReference.Aliased.LATEST)
                || VERSION_LIKE.matcher(alias).matches()) {
            throw new IllegalArgumentException("alias '" + alias + "' is reserved: 'latest' always names the newest"
                    + " version, and 'v7' would read like a number");
        }
        return alias;
    }

    /**
     * Checks a free text that is to be stored: a param's value, a description, a reason. Line breaks are fine; what servers
     * would cut silently, or UTF-8 or a database cannot hold, is refused.
     *
     * @param advice what to do with a longer one, or empty
     * @throws IllegalArgumentException if it is longer than {@code max} characters, or holds half a surrogate pair or NUL
     */
    public static String checkStored(String what, String value, int max, String advice) {
        return checkNoNul(what, checkValue(what, value, max, advice));
    }

    /**
     * Checks a text that is to be stored and was checked otherwise before.
     *
     * @throws IllegalArgumentException if it holds NUL
     */
    public static String checkNoNul(String what, String value) {
        int at = value.indexOf('\0');
        if (at >= 0) {
            throw new IllegalArgumentException(
                    what + " holds the character NUL at " + at + ", which no database keeps: leave it out");
        }
        return value;
    }

    /**
     * Checks a free text that is stored, or was by an earlier version, which took NUL. Line breaks are fine; what servers
     * would cut silently, or UTF-8 cannot hold, is refused.
     *
     * @param advice what to do with a longer one, or empty
     * @throws IllegalArgumentException if it is longer than {@code max} characters, or holds half a surrogate pair
     */
    public static String checkValue(String what, String value, int max, String advice) {
        checkLength(what, requireNonNull(value, what), max, advice);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(what + " holds half a surrogate pair at " + i
                        + ", which is no character: cut texts between whole characters");
            }
        }
        return value;
    }

    static String checkLength(String what, String value, int max, String advice) {
        if (value.length() > max) {
            throw new IllegalArgumentException(what + " has " + value.length() + " characters, more than " + max
                    + (advice.isEmpty() ? "" : ": " + advice));
        }
        return value;
    }

    /** Checks the number of a version, which begins at 1. */
    static int checkNumber(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("version numbers begin at 1, not " + number);
        }
        return number;
    }

    /** Refuses what no file or log line can hold faithfully: control characters and half surrogate pairs. */
    static void checkText(String what, String text) {
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                throw new IllegalArgumentException(what + " '" + printable(text)
                        + "' holds a control character or half a surrogate pair" + Instead.ofName(text));
            }
        });
    }

    /** The text for a message: shortened, and without anything that could break a log line. */
    static String printable(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return shown.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
    }
}
