package io.mlops.backends.fs.faults;

import io.mlops.backends.fs.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A starter of programs without the rights of root, who may do everything. */
final class Unprivileged {
    private final String classPath;

    private Unprivileged(String classPath) {
        this.classPath = classPath;
    }

    /**
     * Copies the classes of the tests into a folder, since another user may not enter the folder of this build, nor the
     * local repository.
     */
    static Unprivileged in(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.matches(".*(mlops|jackson|slf4j|jspecify).*")) {
                Path copy = folder.resolve("classes-" + copies.size() + (entry.endsWith(".jar") ? ".jar" : ""));
                copy(Path.of(entry), copy);
                copies.add(copy.toString());
            }
        }
        return new Unprivileged(String.join(File.pathSeparator, copies));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(visited).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        file.equals(from)
                                ? to
                                : to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    ChildJvm start(Class<?> main, Object... arguments) throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        List<String> prefix =
                root ? List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups") : List.of();
        return ChildJvm.start(prefix, classPath, main, arguments);
    }
}
