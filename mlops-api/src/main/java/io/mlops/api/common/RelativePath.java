package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A path below some root: forward slashes, no empty segment, no {@code .} or {@code ..}, never absolute, and nothing
 * that another system would read as more than a name. Data, never a location. Ordered by UTF-8 bytes.
 */
public record RelativePath(String value) implements Comparable<RelativePath> {
    public RelativePath {
        Names.checkLength("the path", requireNonNull(value, "path"), Limits.PATH, "");
        Names.checkText("the path", value, RelativePath::isValid);
        for (String segment : value.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("path '" + Names.printable(value)
                        + "' must be relative, with forward slashes and no empty part, '.' or '..'");
            }
            if (segment.indexOf('\\') >= 0 || segment.indexOf(':') >= 0) {
                throw new IllegalArgumentException("path '" + Names.printable(value)
                        + "' may not hold a backslash or a colon, which some systems read as a place: rename the"
                        + " file" + Instead.ofPath(value, RelativePath::isValid));
            }
            if (segment.getBytes(StandardCharsets.UTF_8).length > Limits.PATH_PART_BYTES) {
                throw new IllegalArgumentException("path '" + Names.printable(value) + "' has a part of more than "
                        + Limits.PATH_PART_BYTES + " bytes, which no file system takes");
            }
        }
    }

    private static boolean isValid(String text) {
        try {
            return new RelativePath(text).value.equals(text);
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /** A path from its text. */
    public static RelativePath of(String value) {
        return new RelativePath(value);
    }

    /** This path below a folder. */
    public RelativePath below(RelativePath folder) {
        return new RelativePath(folder.value + "/" + value);
    }

    /** Whether this lies somewhere below the folder. */
    public boolean isBelow(RelativePath folder) {
        return value.startsWith(folder.value + "/");
    }

    /** The names between the slashes, at least one. */
    public List<String> segments() {
        return List.of(value.split("/", -1));
    }

    @Override
    public int compareTo(RelativePath other) {
        return Arrays.compareUnsigned(
                value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return value;
    }
}
