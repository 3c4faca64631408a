package io.mlops.core.query;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a condition or an order term, read from left to right; says where it goes wrong. Not thread-safe. */
final class QueryText {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern DOTTED = Pattern.compile("[\\w.]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:\\d++\\.?+\\d*+|\\.\\d++)(?:[eE][+-]?+\\d++)?+(?![\\w.])");
    private static final Pattern OPERATOR = Pattern.compile(">=|<=|!=|>|<|=");
    private static final Pattern NEXT = Pattern.compile("\\w+|\\S\\S?");

    private final String text;
    private int at;

    QueryText(String text) {
        this.text = text;
    }

    boolean atEnd() {
        skipSpace();
        return at == text.length();
    }

    /** The position at which the next thing begins, from 1 on. */
    int position() {
        skipSpace();
        return at + 1;
    }

    Optional<String> word() {
        return take(WORD);
    }

    /** A word that may have dots in it. */
    Optional<String> dotted() {
        return take(DOTTED);
    }

    Optional<String> number() {
        return take(NUMBER);
    }

    Optional<String> operator() {
        return take(OPERATOR);
    }

    /** Takes the next word if it is this one, in any case. */
    boolean keyword(String word) {
        int before = at;
        boolean there = word().filter(word::equalsIgnoreCase).isPresent();
        if (!there) {
            at = before;
        }
        return there;
    }

    boolean symbol(char symbol) {
        skipSpace();
        boolean there = at < text.length() && text.charAt(at) == symbol;
        if (there) {
            at++;
        }
        return there;
    }

    /**
     * Takes the text between two of one of these quotes. There is no escape, as on MLflow: the other quote is the way.
     */
    Optional<String> quoted(String quotes) {
        skipSpace();
        if (at == text.length() || quotes.indexOf(text.charAt(at)) < 0) {
            return Optional.empty();
        }
        char quote = text.charAt(at);
        int end = text.indexOf(quote, at + 1);
        if (end < 0) {
            throw new IllegalArgumentException(
                    text + ": the " + quote + " at position " + (at + 1) + " is not followed by another one");
        }
        String inside = text.substring(at + 1, end);
        at = end + 1;
        return Optional.of(inside);
    }

    /** The error for what stands here. */
    IllegalArgumentException expected(String what) {
        return expected(what, position());
    }

    /** The error for what stands at this position. */
    IllegalArgumentException expected(String what, int position) {
        Matcher next = NEXT.matcher(text).region(position - 1, text.length());
        String found = next.find() ? next.group() : "the end";
        return new IllegalArgumentException(
                String.format(Locale.ROOT, "%s: expected %s at position %d, found %s", text, what, position, found));
    }

    private Optional<String> take(Pattern pattern) {
        skipSpace();
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        at = matcher.end();
        return Optional.of(matcher.group());
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
