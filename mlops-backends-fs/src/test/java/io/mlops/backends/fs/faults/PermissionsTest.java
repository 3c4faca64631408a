package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.MlopsException;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.ChildJvm;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests stores that a user may not fully read or write. Root may do everything, so a child process without root's
 * rights tries it.
 */
final class PermissionsTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private Unprivileged unprivileged;

    /** A program that opens a store, reads it and writes to it, and prints what came of each. */
    static final class Visitor {
        public static void main(String[] args) {
            System.out.println("started");
            try (Mlops mlops = Mlops.open("file:" + args[0])) {
                System.out.println("opened");
                System.out.println(
                        mlops.tracker().search(RunQuery.of()).stream().count() + " runs");
                System.out.println(mlops.tracker().experiments().ensure("other").name());
            } catch (MlopsException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    /** A program that takes the right to write its run from itself, and gives it back. */
    static final class LockedOut {
        public static void main(String[] args) throws IOException {
            System.out.println("started");
            Path run = Path.of(args[0], "experiments", "churn", "job-1");
            MlopsConfig config = MlopsConfig.standard().records(Set.of()).flushEvery(Duration.ofMillis(1));
            try (Mlops mlops = Mlops.open("file:" + args[0], config)) {
                Run job = mlops.tracker().start(RunSpec.of("churn").id("job-1"));
                System.out.println(job.flush(LONG));
                Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("r-xr-xr-x"));
                job.tag("team", "growth");
                System.out.println(job.flush(Duration.ofMillis(500)) + " " + mlops.delivery());
                Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
                System.out.println(job.flush(LONG) + " " + mlops.delivery());
            }
        }
    }

    @BeforeEach
    void copyClasses() throws IOException {
        unprivileged = Unprivileged.in(folder);
    }

    private List<String> visit(Path store) throws Exception {
        return run(Visitor.class, store);
    }

    private List<String> run(Class<?> program, Path store) throws Exception {
        List<String> lines;
        try (ChildJvm child = unprivileged.start(program, store)) {
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

        List<String> lines = visit(parent.resolve("store"));

        assertThat(lines).hasSize(3).startsWith("opened", "0 runs");
        assertThat(lines.get(2))
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
        try (FsBackend made = FsBackend.at(store)) {
            made.experiments().ensure("churn", Instant.EPOCH);
        }
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));

        List<String> lines = visit(store);

        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("RefusedException")
                .contains(store.toString());
    }

    @Test
    @QuietExtension.Warned
    void aFactThatMayNotBeWrittenNowIsKeptUntilItMay() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(run(LockedOut.class, folder.resolve("store")))
                .containsExactly(
                        "true",
                        "false " + new Delivery(1, 0, 0, 1, Map.of()),
                        "true " + new Delivery(1, 1, 1, 0, Map.of()));
    }

    @Test
    @QuietExtension.Warned
    void aStoreThatMayNoLongerBeWrittenTo() throws Exception {
        Path store = folder.resolve("store");
        Path model = Files.writeString(folder.resolve("model.bin"), "weights");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assumeTrue(visit(folder.resolve("other")).contains("opened"));
        try (ChildJvm child = unprivileged.start(Worker.class, store, model)) {
            DiskTrouble.Fault fault = pid -> {
                Command.run("chmod", "-R", "a-w", store);
                return () -> Command.run("chmod", "-R", "u+w", store);
            };
            new DiskTrouble(store, child).survive(fault, "RefusedException", "permission denied");
        }
    }
}
