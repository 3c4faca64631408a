package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Path;
import java.time.Instant;
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
    void theHookHoldsNoClassLoader() throws Exception {
        try (ChildJvm child = ChildJvm.start(Telling.class, store())) {
            child.awaitLine("recorded");
            child.tell("return");
            child.awaitLine("the hook has null");
            assertThat(child.exit()).isZero();
        }
    }
}
