package io.mlops.core.environment;

import io.mlops.core.environment.JarContents.Coordinates;
import java.io.IOException;
import java.util.List;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The library that a jar is, by its Maven coordinates, else by its manifest, else by its file's name.
 *
 * @param merged the other libraries that were built into it
 */
record JarIdentity(String name, @Nullable String version, List<Coordinates> merged) {
    private static final Pattern FILE = Pattern.compile("(.+?)-(\\d.*)");
    private static final Pattern SUFFIX = Pattern.compile("\\.(?:jar|war|zip)$", Pattern.CASE_INSENSITIVE);

    static JarIdentity of(String file, JarContents contents) throws IOException {
        List<Coordinates> libraries = contents.libraries();
        String stem = SUFFIX.matcher(file).replaceFirst("");
        for (Coordinates library : libraries) {
            // One that others were merged into is known by its file's name.
            if (libraries.size() == 1
                    || stem.equals(library.artifact())
                    || stem.startsWith(library.artifact() + "-" + library.version())) {
                List<Coordinates> merged = libraries.stream()
                        .filter(other -> !other.equals(library))
                        .toList();
                return new JarIdentity(library.name(), emptyToNull(library.version()), merged);
            }
        }
        return named(file, contents.manifest(), libraries);
    }

    /** The library that a jar is by its file's name alone, where nothing inside can be read. */
    static JarIdentity of(String file) {
        return named(file, new Manifest(), List.of());
    }

    private static JarIdentity named(String file, Manifest manifest, List<Coordinates> merged) {
        String stem = SUFFIX.matcher(file).replaceFirst("");
        Matcher matcher = FILE.matcher(stem);
        boolean versioned = matcher.matches();
        String version = first(
                JarContents.text(manifest, "Implementation-Version"),
                JarContents.text(manifest, "Bundle-Version"),
                versioned ? matcher.group(2) : "");
        String name = first(
                JarContents.text(manifest, "Implementation-Title"),
                // What follows a semicolon are directives.
                JarContents.text(manifest, "Bundle-SymbolicName")
                        .split(";", 2)[0]
                        .strip(),
                JarContents.text(manifest, "Automatic-Module-Name"),
                versioned ? matcher.group(1) : stem,
                file);
        return new JarIdentity(name, emptyToNull(version), merged);
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
