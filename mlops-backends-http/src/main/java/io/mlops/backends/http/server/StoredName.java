package io.mlops.backends.http.server;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the name under which a server keeps a thing. One that servers or their databases cannot hold is kept as a
 * readable start, {@code ~} and a hash, with the true name in the tag {@link Reserved#NAME}. Thread-safe.
 */
public enum StoredName {
    /** Names of experiments; databases hold 256 characters. */
    EXPERIMENT(256, ""),
    /** Names of runs; databases hold 250 characters. */
    RUN(250, ""),
    /** Names of registered models, which are parts of paths, too. */
    MODEL(256, "/:\\%\"'");

    private static final Pattern SHORTENED = Pattern.compile(".*~[0-9a-f]{16}", Pattern.DOTALL);
    private static final int READABLE = 200;

    private final int longest;
    private final String forbidden;

    StoredName(int longest, String forbidden) {
        this.longest = longest;
        this.forbidden = forbidden;
    }

    /** The name that the server keeps: the same if it can hold it. */
    public String of(String name) {
        return holds(name) ? name : readable(name) + "~" + Reserved.hash(name);
    }

    /** Whether the server keeps another name than this, so that the true one must be told by a tag. */
    public boolean shortens(String name) {
        return !holds(name);
    }

    /** The true name of a thing, by the name that the server keeps and the tags of the thing. */
    public String read(String stored, Map<String, String> tags) {
        // Somebody may have renamed it meanwhile, and the tag be left over.
        String told = tags.get(Reserved.NAME);
        return told != null && of(told).equals(stored) ? told : stored;
    }

    private boolean holds(String name) {
        return name.length() <= longest
                && !name.isBlank()
                && !(this == MODEL && (name.equals(".") || name.startsWith("..")))
                && name.chars().noneMatch(c -> forbidden.indexOf(c) >= 0)
                // A name that looks shortened would pass for another one.
                && !SHORTENED.matcher(name).matches();
    }

    private String readable(String name) {
        StringBuilder start = new StringBuilder();
        name.codePoints().takeWhile(c -> start.length() < READABLE).forEach(c -> {
            if (c < Character.MIN_SUPPLEMENTARY_CODE_POINT && forbidden.indexOf(c) >= 0) {
                start.append('_');
            } else {
                start.appendCodePoint(c);
            }
        });
        // What begins as the folder above would be taken for a way out of a folder.
        return this == MODEL ? start.toString().replaceFirst("^\\.+", "_") : start.toString();
    }
}
