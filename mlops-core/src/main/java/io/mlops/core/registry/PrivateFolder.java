package io.mlops.core.registry;

import io.mlops.api.common.BackendUnavailableException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder that only this user may enter: what was verified stays what is read. */
record PrivateFolder(Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);

    /** A new one; the JDK makes temporary folders with owner-only rights. */
    static PrivateFolder below(@Nullable Path parent) {
        String prefix = "mlops-model-";
        try {
            return new PrivateFolder(
                    parent == null
                            ? Files.createTempDirectory(prefix)
                            : Files.createTempDirectory(Files.createDirectories(parent), prefix));
        } catch (IOException e) {
            throw new BackendUnavailableException(
                    "no folder for a model can be made below "
                            + (parent == null ? "the temporary folder" : parent.toString()) + ": " + e.getMessage(),
                    false,
                    e);
        }
    }

    /** Deletes it with all it holds; what cannot be deleted is left to the system's cleaning. */
    void delete() {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.warn("folder {} of a closed model cannot be deleted", path, e);
        }
    }
}
