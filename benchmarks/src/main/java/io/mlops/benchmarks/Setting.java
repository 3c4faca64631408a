package io.mlops.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where and how thoroughly to measure.
 *
 * @param quick whether to see that it works rather than what it costs
 */
record Setting(Report report, boolean quick) {
    /** The number of times to do something: fewer if it is to be quick. */
    int times(int thoroughly, int quickly) {
        return quick ? quickly : thoroughly;
    }

    /** The build folder: what is measured lies on its disk, and {@code mvn clean} removes what a crash leaves. */
    static Path buildFolder() {
        String code = Setting.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        return requireNonNull(Path.of(URI.create(code)).toAbsolutePath().getParent());
    }

    static Path newFolder() throws IOException {
        return Files.createTempDirectory(buildFolder(), "bench-");
    }

    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
