package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/** The rules for names, keys and values, the same on every backend, so that a program that works on one works on all. */
public final class Names {
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]{1," + Limits.ALIAS + "}");
    private static final Pattern VERSION_LIKE = Pattern.compile("[vV][0-9]+");
    private static final Pattern KEY = Pattern.compile("[\\w/. -]+", Pattern.UNICODE_CHARACTER_CLASS);

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
     * Checks the key of a metric, param or tag by MLflow's rule: 1 to 250 word characters (of any script), {@code /},
     * {@code .}, {@code -} and spaces, and a path that needs no normalising.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static String checkKey(String what, String key) {
        if (requireNonNull(key, "the key of the " + what).isBlank()) {
            throw new IllegalArgumentException("the key of the " + what + " is blank");
        }
        checkLength("the key of the " + what, key, Limits.KEY, "shorten it, and keep the rest in a value");
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("the key of the " + what + " '" + printable(key)
                    + "' may hold letters, digits, '_', '/', '.', '-' and spaces only" + Instead.ofKey(key));
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("the key of the " + what + " '" + key
                        + "' must read like a plain path: no empty part, '.' or '..' between slashes"
                        + Instead.ofKey(key));
            }
        }
        return key;
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
     * Checks a free text that is stored: a param's value, a description, a reason. Line breaks are fine; what servers
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
