package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that ends without closing anything, but is not killed. */
final class ExitTest {
    private static final RunId ID = new RunId("job-1");

    @TempDir
    private Path folder;

    /** Records a few points, says so, and waits for its end. */
    static final class Recording {
        public static void main(String[] args) throws Exception {
            Mlops mlops = Mlops.open(args[0]);
            Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
            for (int i = 0; i < 5000; i++) {
                run.metric("loss", i, i);
            }
            System.out.println("recorded");
            int order = System.in.read();
            if (order == 'x') {
                System.exit(3);
            }
        }
    }

    /** Records, and tells of the class loader that the hook has, which must not be that of an application. */
    static final class Telling {
        public static void main(String[] args) throws Exception {
            Thread.currentThread().setContextClassLoader(new ClassLoader(Telling.class.getClassLoader()) {});
            MlopsConfig config = MlopsConfig.standard().clock(() -> {
                Thread reading = Thread.currentThread();
                if (reading.getName().equals("mlops-exit")) {
                    System.out.println("the hook has " + reading.getContextClassLoader());
                }
                return Instant.now();
            });
            Run unused = Mlops.open(args[0], config).tracker().start(RunSpec.of("churn"));
            System.out.println("recorded");
            int unusedOrder = System.in.read();
        }
    }

    /**
     * Stops in order, as containers of beans do: its own hook, which runs beside that of the library, goes on with the run
     * when it is told so, and closes.
     */
    static final class Orderly {
        public static void main(String[] args) throws Exception {
            Mlops mlops = Mlops.open(args[0], MlopsConfig.standard().flushEvery(Duration.ofDays(1)));
            Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
            for (int i = 0; i < 5000; i++) {
                run.metric("loss", i, i);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println("stopping");
                read();
                run.metric("loss", 5000, 5000);
                run.artifacts().put("late.txt", Content.of(new byte[] {1}));
                mlops.tracker().run(RunSpec.of("churn").id("late"), late -> late.metric("loss", 1));
                run.complete();
                mlops.close();
                System.out.println("closed");
            }));
            System.out.println("recorded");
            new CountDownLatch(1).await();
        }
    }

    /** Never closes; its own hook stays until nothing more is taken, and tells why. */
    static final class Disorderly {
        public static void main(String[] args) throws Exception {
            Mlops mlops = Mlops.open(args[0], MlopsConfig.standard().closeWithin(Duration.ofMillis(500)));
            Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    while (true) {
                        run.artifacts().put("late.txt", Content.of(new byte[] {1}));
                    }
                } catch (RuntimeException e) {
                    System.out.println(e.getMessage());
                }
                try (Run late = mlops.tracker().start(RunSpec.of("churn"))) {
                    System.out.println(late);
                } catch (IllegalStateException e) {
                    System.out.println(e.getMessage());
                }
            }));
            System.out.println("recorded " + run.flush(Duration.ofSeconds(20)));
            new CountDownLatch(1).await();
        }
    }

    /** Records without a hook of the library. */
    static final class Hookless {
        public static void main(String[] args) throws Exception {
            Mlops mlops = Mlops.open(args[0], MlopsConfig.standard().exitHook(false));
            Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
            run.metric("loss", 1);
            System.out.println("recorded " + run.flush(Duration.ofSeconds(20)));
            read();
        }
    }

    private static void read() {
        try {
            int unused = System.in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String store() {
        return "file:" + folder.resolve("store");
    }

    private void assertKilledWithEverything() {
        try (Mlops mlops = Mlops.open(store())) {
            RunInfo run = mlops.tracker().get(ID);
            assertThat(run.outcome()).isEqualTo(new RunOutcome.Killed("the program was ended before it"));
            assertThat(run.metrics().get("loss").range().count()).isEqualTo(5000);
            assertThat(folder.resolve("store/.live")).isEmptyDirectory();
        }
    }

    @Test
    void sigtermStoresEverythingAndMarksTheRun() throws Exception {
        try (ChildJvm child = ChildJvm.start(Recording.class, store())) {
            child.awaitLine("recorded");
            child.signal("TERM");
            assertThat(child.exit()).isEqualTo(143);
        }
        assertKilledWithEverything();
    }

    @Test
    void systemExitStoresEverythingAndMarksTheRun() throws Exception {
        try (ChildJvm child = ChildJvm.start(Recording.class, store())) {
            child.awaitLine("recorded");
            child.tell("x");
            assertThat(child.exit()).isEqualTo(3);
        }
        assertKilledWithEverything();
    }

    @Test
    void theEndOfMainDoesSo() throws Exception {
        try (ChildJvm child = ChildJvm.start(Recording.class, store())) {
            child.awaitLine("recorded");
            child.tell("return");
            assertThat(child.exit()).isZero();
        }
        assertKilledWithEverything();
    }

    @Test
    void anOrderlyStopWinsOverTheHook() throws Exception {
        try (ChildJvm child = ChildJvm.start(Orderly.class, store())) {
            child.awaitLine("recorded");
            child.signal("TERM");
            child.awaitLine("stopping");
            awaitPoints(5000);
            child.tell("go on");
            child.awaitLine("closed");
            assertThat(child.exit()).isEqualTo(143);
        }
        try (Mlops mlops = Mlops.open(store())) {
            RunInfo run = mlops.tracker().get(ID);
            assertThat(run.outcome()).isEqualTo(new RunOutcome.Finished());
            assertThat(run.metrics().get("loss").range().count()).isEqualTo(5001);
            assertThat(mlops.tracker().artifacts(ID).find("late.txt")).isPresent();
            assertThat(mlops.tracker().get(new RunId("late")).outcome()).isEqualTo(new RunOutcome.Finished());
        }
    }

    /** Waits for what the hook stores at once, though the program's own period is a day. */
    private void awaitPoints(int count) {
        try (Mlops mlops = Mlops.open(store())) {
            await().until(() -> mlops.tracker()
                    .find(ID)
                    .map(run -> run.metrics().get("loss"))
                    .filter(loss -> loss.range().count() == count)
                    .isPresent());
        }
    }

    @Test
    void whatNobodyClosesInTimeIsEndedAndTold() throws Exception {
        try (ChildJvm child = ChildJvm.start(Disorderly.class, store())) {
            child.awaitLine("recorded true");
            child.signal("TERM");
            assertThat(child.lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("the program is ending"))
                    .anyMatch(line -> line.contains("artifacts"));
            assertThat(child.exit()).isEqualTo(143);
        }
        try (Mlops mlops = Mlops.open(store())) {
            assertThat(mlops.tracker().get(ID).outcome())
                    .isEqualTo(new RunOutcome.Killed("the program was ended before it"));
        }
    }

    @Test
    void withoutTheHookTheProgramAloneEndsItsRuns() throws Exception {
        try (ChildJvm child = ChildJvm.start(Hookless.class, store())) {
            child.awaitLine("recorded true");
            child.signal("TERM");
            assertThat(child.exit()).isEqualTo(143);
        }
        try (Mlops mlops = Mlops.open(store())) {
            assertThat(mlops.tracker().get(ID).outcome()).isNull();
            assertThat(mlops.tracker().get(ID).metric("loss")).isEqualTo(1);
        }
    }

    @Test
    void theHookHoldsNoClassLoader() throws Exception {
        try (ChildJvm child = ChildJvm.start(Telling.class, store())) {
            child.awaitLine("recorded");
            child.tell("return");
            child.awaitLine("the hook has null");
            assertThat(child.exit()).isZero();
        }
    }
}
