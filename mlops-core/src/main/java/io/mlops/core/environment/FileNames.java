package io.mlops.core.environment;

import java.nio.file.Path;

/** Cuts paths to their last name, which is all of a path that is ever recorded. */
final class FileNames {
    private FileNames() {}

    static String of(Path path) {
        Path name = path.getFileName();
        String text = name == null ? "" : FoundEnvironment.clean(name.toString());
        return text.isEmpty() ? "unnamed" : text;
    }

    /** The last name of a path inside a zip file. */
    static String ofEntry(String entry) {
        String text = FoundEnvironment.clean(entry.substring(entry.lastIndexOf('/') + 1));
        return text.isEmpty() ? "unnamed" : text;
    }
}
