package io.mlops.backends.fs.store;

import io.mlops.api.spi.ContentCopy;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names of folders for names that people chose. A name that every file system takes as it is stands for itself; any
 * other becomes its readable part, {@code ~}, and 12 hex digits of its SHA-256, so that no two names share a folder
 * even where case does not count. The true name stands in the JSON inside.
 */
final class FolderNames {
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9_-])?");
    private static final Pattern RESERVED = Pattern.compile("(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\\..*)?");
    private static final int MAX_READABLE = 40;
    private static final int HASH_BYTES = 6;

    private FolderNames() {}

    static String of(String name) {
        if (PLAIN.matcher(name).matches() && !RESERVED.matcher(name).matches()) {
            return name;
        }
        String readable = name.replaceAll("[^A-Za-z0-9._-]+", "-");
        readable =
                readable.substring(0, Math.min(MAX_READABLE, readable.length())).replaceAll("^[._-]+|[._-]+$", "");
        byte[] hash = ContentCopy.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
        return (readable.isEmpty() ? "name" : readable) + "~" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }
}
