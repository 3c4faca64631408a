package io.mlops.core.environment;

import java.io.File;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jars and folders that classes come from, each once, in order.
 *
 * @param imageModules the modules that an image made by jlink holds beside those of the JDK
 */
record ClassPath(List<Path> entries, List<ResolvedModule> imageModules) {
    /** Loaders in a chain; a longer one goes in circles. */
    private static final int MAX_LOADERS = 100;

    ClassPath(List<Path> entries) {
        this(entries, List.of());
    }

    /** The class path of this program: that of the JVM, its modules, and what a loader made by some container adds. */
    static ClassPath ofThisProgram(@Nullable ClassLoader loader) {
        Set<Path> found = new LinkedHashSet<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            // Nothing at all would be the working folder, which is rarely meant.
            if (!entry.isEmpty()) {
                toPath(entry).ifPresent(found::add);
            }
        }
        List<ResolvedModule> modules = ModuleLayer.boot().configuration().modules().stream()
                .sorted(Comparator.comparing(ResolvedModule::name))
                .toList();
        modules.forEach(module ->
                module.reference().location().flatMap(ClassPath::toFile).ifPresent(found::add));
        ClassLoader next = loader;
        for (int i = 0; i < MAX_LOADERS && next instanceof URLClassLoader urls; i++) {
            for (URL url : urls.getURLs()) {
                toUri(url).flatMap(ClassPath::toFile).ifPresent(found::add);
            }
            next = next.getParent();
        }
        return new ClassPath(
                List.copyOf(found),
                modules.stream().filter(ClassPath::isOfImage).toList());
    }

    private static boolean isOfImage(ResolvedModule module) {
        boolean jdk = module.name().startsWith("java.") || module.name().startsWith("jdk.");
        return !jdk
                && module.reference()
                        .location()
                        .filter(place -> "jrt".equals(place.getScheme()))
                        .isPresent();
    }

    /** Reads an entry; empty if it is no path, as the JVM ignores it, too. */
    private static Optional<Path> toPath(String entry) {
        try {
            return Optional.of(Path.of(entry).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> toUri(URL url) {
        try {
            return Optional.of(url.toURI());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The file that a URI names, if it is one of this machine. */
    static Optional<Path> toFile(URI place) {
        if (!"file".equalsIgnoreCase(place.getScheme())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(place).toAbsolutePath().normalize());
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The places to look for a checkout: the folders of classes, then the only jar, then the working folder. */
    List<Path> placesOfCode() {
        List<Path> places = new ArrayList<>();
        entries.stream().filter(Files::isDirectory).forEach(places::add);
        if (entries.size() == 1) {
            places.add(entries.get(0));
        }
        places.add(Path.of("").toAbsolutePath());
        return places;
    }
}
