package io.mlops.backends.fs.store;

import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of folders and files for names that people chose. A name that every file system takes as it is stands for
 * itself; any other becomes its readable part, {@code ~}, and 12 hex digits of its SHA-256, so that no two names share a
 * folder even where case does not count. The true name stands in the JSON inside.
 */
final class FolderNames {
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9_-])?");
    /** Names of devices on Windows, which takes them for such whatever comes after the first dot. */
    private static final Pattern DEVICE = Pattern.compile(
            "(?:con|prn|aux|nul|conin\\$|conout\\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\\..*)?",
            Pattern.CASE_INSENSITIVE);
    /** Names of files that Windows cannot hold, or that are those of this class. */
    private static final Pattern UNFIT =
            Pattern.compile(".*[<>\"|?*].*|.*[. ]|.*~[0-9a-f]{12}(?:\\.[A-Za-z0-9]{1,8})?");

    private static final Pattern ENDING = Pattern.compile("\\.[A-Za-z0-9]{1,8}$");
    private static final int MAX_READABLE = 40;
    private static final int HASH_BYTES = 6;

    private FolderNames() {}

    static String of(String name) {
        if (PLAIN.matcher(name).matches() && !DEVICE.matcher(name).matches()) {
            return name;
        }
        String readable = readable(name);
        return (DEVICE.matcher(readable).matches() ? readable.replace('.', '-') : readable) + hash(name);
    }

    /** Returns the name that older versions gave a folder, most often the same: Windows cannot hold {@code aux.txt~…}. */
    static String former(String name, String now) {
        String readable = now.equals(name) ? name : readable(name);
        return DEVICE.matcher(readable).matches() ? readable + hash(name) : now;
    }

    /** Returns the path at which a file of this path is stored: itself, but for parts that Windows cannot hold. */
    static String ofParts(RelativePath path) {
        StringJoiner parts = new StringJoiner("/");
        path.segments().forEach(part -> parts.add(ofPart(part)));
        return parts.toString();
    }

    private static String ofPart(String part) {
        if (!UNFIT.matcher(part).matches() && !DEVICE.matcher(part).matches()) {
            return part;
        }
        // What opens a file by its ending still does.
        Matcher found = ENDING.matcher(part);
        String ending = found.find() ? found.group() : "";
        return readable(part.substring(0, part.length() - ending.length())) + hash(part) + ending;
    }

    private static String readable(String name) {
        String readable = name.replaceAll("[^A-Za-z0-9._-]+", "-");
        readable =
                readable.substring(0, Math.min(MAX_READABLE, readable.length())).replaceAll("^[._-]+|[._-]+$", "");
        return readable.isEmpty() ? "name" : readable;
    }

    private static String hash(String name) {
        byte[] hash = ContentCopy.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
        return "~" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }
}
