package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.common.MlopsException;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.Mlops;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user who may not do everything. Root may, so that a child without its rights does the trying. */
final class PermissionsTest {
    @TempDir
    private Path folder;

    private String classPath;

    /** Opens a store, reads it and writes to it, and prints what came of each. */
    static final class Visitor {
        public static void main(String[] args) {
            System.out.println("started");
            try (Mlops mlops = Mlops.open("file:" + args[0])) {
                System.out.println("opened");
                System.out.println(
                        mlops.tracker().search(RunQuery.of("churn")).stream().count() + " runs");
                System.out.println(mlops.tracker().experiments().ensure("other").name());
            } catch (MlopsException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    /** Somebody else may not enter the folder of this build, nor the local repository: the classes go with the child. */
    @BeforeEach
    void copyClasses() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.matches(".*(mlops|jackson|slf4j|jspecify).*")) {
                Path copy = folder.resolve("classes-" + copies.size() + (entry.endsWith(".jar") ? ".jar" : ""));
                copy(Path.of(entry), copy);
                copies.add(copy.toString());
            }
        }
        classPath = String.join(File.pathSeparator, copies);
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

    private List<String> visit(Path store) throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        List<String> prefix =
                root ? List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups") : List.of();
        List<String> lines;
        try (ChildJvm child = ChildJvm.start(prefix, classPath, Visitor.class, store)) {
            lines = child.lines();
        } catch (IOException e) {
            lines = List.of();
        }
        assumeTrue(lines.contains("started"), "no process without root's rights can be started here");
        return lines.subList(1, lines.size());
    }

    @Test
    void aStoreThatCannotBeMadeSaysWhere() throws Exception {
        Path parent = Files.createDirectory(folder.resolve("parent"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));

        assertThat(visit(parent.resolve("store")))
                .singleElement()
                .asString()
                .startsWith("RefusedException")
                .contains(parent.resolve("store").toString(), "permission denied");
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aStoreThatMayOnlyBeReadIsReadAndLeftWithoutATrace() throws Exception {
        Path store = folder.resolve("store");
        try (Mlops mlops = Mlops.open("file:" + store)) {
            mlops.tracker().run("churn", run -> run.metric("loss", 1));
        }
        List<Path> writable =
                List.of(store, store.resolve(".live"), store.resolve(".staging"), store.resolve("experiments"));
        for (Path each : writable) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("r-xr-xr-x"));
        }

        List<String> lines = visit(store);

        for (Path each : writable) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(lines).hasSize(3).startsWith("opened", "1 runs");
        assertThat(lines.get(2)).startsWith("RefusedException").contains("permission denied");
        assertThat(store.resolve(".live")).isEmptyDirectory();
    }

    @Test
    void aStoreThatMayNotBeReadIsRefused() throws Exception {
        Path store = folder.resolve("store");
        FsBackend.at(store).close();
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));

        List<String> lines = visit(store);

        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("RefusedException")
                .contains(store.toString());
    }
}
