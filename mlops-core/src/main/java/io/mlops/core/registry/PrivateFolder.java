package io.mlops.core.registry;

import io.mlops.api.common.BackendUnavailableException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that only this user may enter: what was verified stays what is read. Its name tells the process that made it,
 * so that the next one can remove what a killed one left.
 */
record PrivateFolder(Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
    private static final String PREFIX = "mlops-model-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9a-z]{1,20})-([0-9]{1,18})-[0-9]+");

    /** A new one; the JDK makes temporary folders with owner-only rights. */
    static PrivateFolder below(@Nullable Path parent) {
        try {
            String prefix = PREFIX + processes() + "-" + ProcessHandle.current().pid() + "-";
            PrivateFolder made = new PrivateFolder(
                    parent == null
                            ? Files.createTempDirectory(prefix)
                            : Files.createTempDirectory(Files.createDirectories(parent), prefix));
            made.removeThoseOfTheDead();
            return made;
        } catch (IOException e) {
            throw new BackendUnavailableException(
                    "no folder for a model can be made below "
                            + (parent == null ? "the temporary folder" : parent.toString()) + ": " + e.getMessage(),
                    false,
                    e);
        }
    }

    /**
     * What a number of a process means something in: containers that share a folder do not share their processes, nor do
     * machines. Start times are not compared, since they move with the clock; a number that is in use again keeps a
     * folder until its process ends.
     */
    private static String processes() {
        try {
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            String namespace =
                    Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return boot.substring(0, 8) + namespace.replaceAll("[^0-9]", "");
        } catch (IOException | RuntimeException notLinux) {
            return "here";
        }
    }

    private void removeThoseOfTheDead() {
        Path parent = path.getParent();
        if (parent == null) {
            return;
        }
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            String here = processes();
            for (Path other : others) {
                Matcher name = NAME.matcher(other.getFileName().toString());
                if (name.matches()
                        && name.group(1).equals(here)
                        && ProcessHandle.of(Long.parseLong(name.group(2))).isEmpty()
                        && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path))) {
                    new PrivateFolder(other).delete();
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("what others left in {} stays", parent, e);
        }
    }

    /** Deletes it with all it holds; what cannot be deleted is left to the system's cleaning. */
    void delete() {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        // Another process removes the same leftovers.
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.warn("folder {} of a closed model cannot be deleted", path, e);
        }
    }
}
