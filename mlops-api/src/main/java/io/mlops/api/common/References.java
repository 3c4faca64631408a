package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text form of references. */
final class References {
    private static final Pattern NUMBERED = Pattern.compile("(.+)/([0-9]+)", Pattern.DOTALL);

    private References() {}

    static VersionReference parse(String text) {
        int hash = requireNonNull(text, "text").lastIndexOf('#');
        if (hash > 0) {
            return new VersionReference.Digested(text.substring(0, hash), Digest.parse(text.substring(hash + 1)));
        }
        int at = text.lastIndexOf('@');
        if (at > 0) {
            return new VersionReference.Aliased(text.substring(0, at), text.substring(at + 1));
        }
        Matcher numbered = NUMBERED.matcher(text);
        if (numbered.matches()) {
            return new VersionReference.Numbered(numbered.group(1), number(numbered.group(2)));
        }
        String shown = Names.printable(text);
        throw new IllegalArgumentException("'" + shown + "' names no version: write " + shown + "/7, " + shown
                + "@champion, " + shown + "@latest or " + shown + "#sha256:…");
    }

    /** Reads the form name/number alone, whatever the name holds. */
    static VersionReference.Numbered numbered(String text) {
        Matcher numbered = NUMBERED.matcher(requireNonNull(text, "text"));
        if (!numbered.matches()) {
            throw new IllegalArgumentException(
                    "'" + Names.printable(text) + "' is not a name, a slash and a version number");
        }
        return new VersionReference.Numbered(numbered.group(1), number(numbered.group(2)));
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException tooLarge) {
            throw new IllegalArgumentException("version number " + Names.printable(digits) + " is too large", tooLarge);
        }
    }
}
