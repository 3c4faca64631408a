package io.mlops.core.query;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a condition or an order term, read from left to right; says where it goes wrong. Not thread-safe. */
final class QueryText {
    /** The most characters that a message tells of the text around a place. */
    private static final int AROUND = 160;
    /** The most characters that a message tells of what stands at a place. */
    private static final int FOUND = 40;

    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern DOTTED = Pattern.compile("[\\w.]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:\\d++\\.?+\\d*+|\\.\\d++)(?:[eE][+-]?+\\d++)?+(?![\\w.])");
    private static final Pattern OPERATOR = Pattern.compile(">=|<=|!=|>|<|=");
    private static final Pattern NEXT = Pattern.compile("\\w+|\\S\\S?");
    private static final Pattern BREAKS = Pattern.compile("[\\s\\x85\\u2028\\u2029]");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]");

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

    /** Takes the next word, and the parenthesis behind it, if both are there. */
    Optional<String> function() {
        int before = at;
        Optional<String> name = word();
        if (name.isPresent() && symbol('(')) {
            return name;
        }
        at = before;
        return Optional.empty();
    }

    boolean symbol(char symbol) {
        skipSpace();
        boolean there = at < text.length() && text.charAt(at) == symbol;
        if (there) {
            at++;
        }
        return there;
    }

    /** Whether one of these quotes stands here. */
    boolean atQuote(String quotes) {
        skipSpace();
        return at < text.length() && quotes.indexOf(text.charAt(at)) >= 0;
    }

    /**
     * Takes the text between two of one of these quotes. There is no escape, as on MLflow: the other quote is the way.
     */
    Optional<String> quoted(String quotes) {
        if (!atQuote(quotes)) {
            return Optional.empty();
        }
        char quote = text.charAt(at);
        int end = text.indexOf(quote, at + 1);
        if (end < 0) {
            throw new IllegalArgumentException(
                    around(at + 1) + ": the " + quote + " at position " + (at + 1) + " is not followed by another one");
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
        String found = "the end";
        if (next.find()) {
            int end = next.end() - next.start() <= FOUND ? next.end() : whole(next.start() + FOUND - 1);
            found = printable(next.start(), end) + (end < next.end() ? "…" : "");
        }
        return new IllegalArgumentException(String.format(
                Locale.ROOT, "%s: expected %s at position %d, found %s", around(position), what, position, found));
    }

    /** The text around a position, from a little before it on, as a part of one line. */
    private String around(int position) {
        if (text.length() <= AROUND) {
            return printable(0, text.length());
        }
        int from = whole(Math.max(0, Math.min(position - 1 - AROUND / 2, text.length() - AROUND)));
        int to = whole(Math.min(text.length(), from + AROUND));
        return (from > 0 ? "…" : "") + printable(from, to) + (to < text.length() ? "…" : "");
    }

    /** This place, or the one before it if it lies within a character. */
    private int whole(int place) {
        boolean within = place > 0
                && place < text.length()
                && Character.isSurrogatePair(text.charAt(place - 1), text.charAt(place));
        return within ? place - 1 : place;
    }

    private String printable(int from, int to) {
        String oneLine = BREAKS.matcher(text.substring(from, to)).replaceAll(" ");
        return UNPRINTABLE.matcher(oneLine).replaceAll("?");
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
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    /** Whether people see a blank here, such as the no-break space that documents and chats make of one. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
