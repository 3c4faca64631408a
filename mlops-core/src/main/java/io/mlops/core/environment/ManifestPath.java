package io.mlops.core.environment;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/** The part of a class path that the manifest of a jar names. */
final class ManifestPath {
    private ManifestPath() {}

    static List<Path> of(Path jar, Manifest manifest) {
        String entries = manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        return entries == null
                ? List.of()
                : Arrays.stream(entries.strip().split("\\s+", -1))
                        .flatMap(entry -> resolve(jar, entry).stream())
                        .toList();
    }

    /** Reads an entry; empty if it is no URI, as the JVM ignores it, too. */
    private static Optional<Path> resolve(Path jar, String entry) {
        try {
            return ClassPath.toFile(jar.toUri().resolve(new URI(entry)));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
