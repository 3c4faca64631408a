package io.mlops.api.common;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for names, keys and values, the same on every backend, so that a program that works on one works on all. */
public final class Names {
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]{1," + Limits.ALIAS + "}");
    private static final Pattern VERSION_LIKE = Pattern.compile("[vV]?[0-9]+");
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
        return checkName(what, name, Names::isName);
    }

    private static String checkName(String what, String name, Predicate<String> taken) {
        String subject = "the name of the " + what;
        if (checkThere(subject, name, "give one").isBlank()) {
            throw new IllegalArgumentException(subject + " is blank");
        }
        checkLength(subject, name, Limits.NAME, "shorten it, and keep the rest in a tag");
        checkText(subject, name, taken);
        return name;
    }

    /**
     * Checks the name of a model that is to be made: that of {@link #checkName}, and none that would be read as a version
     * ({@code churn/7}, {@code churn@champion}, also as other tools write it) or as a folder ({@code ..}). Models of
     * older stores may be called so.
     *
     * @throws IllegalArgumentException naming what is wrong, and the name to write instead
     */
    public static String checkModelName(String name) {
        checkName("model", name, Names::isModelName);
        if (name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("a model cannot be called '" + name + "', which names a folder");
        }
        String model = References.modelIn(name);
        if (model != null) {
            throw new IllegalArgumentException("a model cannot be called '" + printable(name)
                    + "', which would be read as a version of one" + Instead.ofModel(name, model));
        }
        return name;
    }

    /** Whether a new model may be called so. */
    static boolean isModelName(String text) {
        return isName(text) && !text.equals(".") && !text.equals("..") && References.modelIn(text) == null;
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
        String subject = "the key of the " + what;
        if (checkThere(subject, key, "give one").isBlank()) {
            throw new IllegalArgumentException(subject + " is blank");
        }
        checkLength(subject, key, Limits.KEY, "shorten it, and keep the rest in a value");
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

    /** Whether a metric, param or tag may have this key. */
    static boolean isKey(String text) {
        return !text.isBlank()
                && text.length() <= Limits.KEY
                && KEY.matcher(text).matches()
                && isPlainPath(text);
    }

    private static boolean isPlainPath(String text) {
        for (String segment : text.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks an alias that is to point somewhere: 1 to 255 of {@code A-Z a-z 0-9 _ -}, not {@code latest} in any case,
     * which always exists, and not like {@code 7} or {@code v7}, which are read as numbers. Aliases of older stores and
     * other tools may be called so, and can still be read and removed.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static String checkAlias(String alias) {
        if (isReserved(checkFormerAlias(alias))) {
            throw reserved(alias);
        }
        return alias;
    }

    /** Checks an alias that may be one of an older store or of another tool, where it can be read and removed. */
    static String checkFormerAlias(String alias) {
        if (!ALIAS.matcher(checkThere("the alias", alias, "give one")).matches()) {
            throw new IllegalArgumentException("alias '" + printable(alias) + "' must be 1 to " + Limits.ALIAS
                    + " of A-Z, a-z, 0-9, '_' and '-'" + Instead.ofAlias(alias));
        }
        return alias;
    }

    /** Whether an alias may be made to point somewhere. */
    static boolean isAlias(String text) {
        return ALIAS.matcher(text).matches() && !isReserved(text);
    }

    private static boolean isReserved(String alias) {
        return alias.equalsIgnoreCase(VersionReference.Aliased.LATEST)
                || VERSION_LIKE.matcher(alias).matches();
    }

    static IllegalArgumentException reserved(String alias) {
        return new IllegalArgumentException("alias '" + alias + "' is reserved: 'latest' always names the newest"
                + " version, and '7' or 'v7' would be read as a number");
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
        checkLength(what, checkThere(what, value, "give a text, which may be empty"), max, advice);
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

    /** Refuses null in a sentence, as what somebody gave under a name or a key that tells more than that of a parameter. */
    static String checkThere(String what, @Nullable String value, String advice) {
        if (value == null) {
            throw new NullPointerException(what + " is null: " + advice);
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
    static void checkText(String what, String text, Predicate<String> taken) {
        if (!isText(text)) {
            throw new IllegalArgumentException(what + " '" + printable(text)
                    + "' holds a control character or half a surrogate pair" + Instead.ofName(text, taken));
        }
    }

    /** Whether an experiment, a run or a dataset may be called so. */
    static boolean isName(String text) {
        return !text.isBlank() && text.length() <= Limits.NAME && isText(text);
    }

    private static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(c ->
                        Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    /** The text for a message: shortened, and without anything that could break a log line. */
    static String printable(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return shown.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
    }
}
