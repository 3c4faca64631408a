package io.mlops.backends.http.artifact;

import io.mlops.api.common.RelativePath;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Spells names of files for servers that refuse {@code #} and decode {@code %} with two digits a second time: such a
 * character is written as its code between tildes, and a tilde that would be read so as well. Not for instances.
 */
final class Spelling {
    /** A tilde before a code is spelled, too, if a tilde follows or will: no two names are kept as the same one. */
    private static final Pattern TO_SPELL =
            Pattern.compile("#|%(?=[0-9a-fA-F]{2})|~(?=(?:23|25|7e)(?:[~#]|%[0-9a-fA-F]{2}))");

    private static final Pattern SPELLED = Pattern.compile("~(23|25|7e)~");

    private Spelling() {}

    /** The names that the server keeps for a path. */
    static List<String> of(RelativePath path) {
        return path.segments().stream().map(Spelling::of).toList();
    }

    /** The name that the server keeps for one part of a path. */
    static String of(String name) {
        return TO_SPELL.matcher(name)
                .replaceAll(found -> "~%02x~".formatted((int) found.group().charAt(0)));
    }

    /** The name that was spelled so; one that nobody spelled is itself. */
    static String read(String stored) {
        return SPELLED.matcher(stored)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(found.group(1), 16))));
    }
}
