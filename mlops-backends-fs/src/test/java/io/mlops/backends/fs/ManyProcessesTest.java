package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * Several processes on one store at a time, two applications of one JVM among them. With {@code -Dmlops.faults} above 1,
 * eight processes with 200 runs and 50 versions each.
 */
final class ManyProcessesTest {
    private static final boolean LONG = Integer.getInteger("mlops.faults", 1) > 1;
    private static final int PROCESSES = LONG ? 8 : 4;
    private static final int RUNS = LONG ? 200 : 20;
    private static final int VERSIONS = LONG ? 50 : 10;
    private static final int MOVES = LONG ? 100 : 20;
    private static final int POINTS = 5;
    /** Many at once may make a store slow; what is late must not count as lost. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    /** Logs runs, registers versions of one model and moves aliases. Takes the store, its name and a folder. */
    static final class Worker {
        public static void main(String[] args) throws IOException {
            String me = args[1];
            Path model = Files.writeString(Path.of(args[2], "model-" + me), "model of " + me);
            MlopsConfig config = MlopsConfig.standard().closeWithin(PATIENCE).waitWhenFull(PATIENCE);
            try (Mlops mlops = Mlops.open(args[0], config)) {
                for (int i = 0; i < Math.max(RUNS, Math.max(VERSIONS, MOVES)); i++) {
                    if (i < RUNS) {
                        record(mlops, me);
                    }
                    if (i < VERSIONS) {
                        ModelVersion version = mlops.registry().register(ModelSpec.of("churn", model));
                        mlops.registry().tag(version.id(), "by", me);
                    }
                    if (i < MOVES) {
                        mlops.registry()
                                .move(AliasMove.of("churn@by-" + me, 1 + i % VERSIONS)
                                        .because(me + " " + i));
                    }
                }
                long found =
                        mlops.tracker().search(RunQuery.of("churn")).stream().count();
                if (found < RUNS || mlops.delivery().lost() > 0 || !warnings().isEmpty()) {
                    throw new IllegalStateException(
                            me + " found " + found + ", " + mlops.delivery() + ", warned of " + warnings());
                }
            }
        }

        private static List<LoggingEvent> warnings() {
            return TestLoggerFactory.getAllLoggingEvents().stream()
                    .filter(event -> event.getLevel() == Level.WARN)
                    .toList();
        }

        private static void record(Mlops mlops, String me) {
            RunId unused = mlops.tracker().run("churn", run -> {
                run.param("process", me);
                for (int step = 0; step < POINTS; step++) {
                    run.metric("loss", step, step);
                }
                run.artifacts().putText("by.txt", me);
            });
        }
    }

    /** A worker that begins at the signal. */
    static final class WaitingWorker {
        public static void main(String[] args) throws IOException {
            System.out.println("ready");
            awaitSignal();
            Worker.main(args);
        }
    }

    private static void awaitSignal() throws IOException {
        int unused = System.in.read();
    }

    /** Logs points into the same run as others do. */
    static final class SameRun {
        public static void main(String[] args) throws IOException {
            long from = Long.parseLong(args[1]);
            try (Mlops mlops = Mlops.open(args[0])) {
                Run run = mlops.tracker().start(RunSpec.of("churn").id("shared"));
                System.out.println("ready");
                awaitSignal();
                for (long i = from; i < from + 1000; i++) {
                    run.metric("loss", 1.0, i);
                }
                run.param("from-" + from, from);
                System.out.println(run.flush(PATIENCE));
                // Open until the test has looked.
                awaitSignal();
            }
        }
    }

    private static List<ChildJvm> start(Class<?> main, List<List<Object>> arguments) throws IOException {
        List<ChildJvm> children = new ArrayList<>();
        for (List<Object> each : arguments) {
            children.add(ChildJvm.start(main, each.toArray()));
        }
        for (ChildJvm child : children) {
            child.awaitLine("ready");
        }
        return children;
    }

    @Test
    void numbersAreUniqueAndNothingIsLost() throws Exception {
        String store = "file:" + folder.resolve("store");
        List<ChildJvm> children = start(
                WaitingWorker.class,
                IntStream.range(0, PROCESSES)
                        .mapToObj(i -> List.<Object>of(store, i, folder))
                        .toList());
        children.forEach(child -> child.tell(""));
        for (ChildJvm child : children) {
            assertThat(child.exit()).isZero();
        }

        checkStore(store, PROCESSES);
    }

    @Test
    void twoApplicationsOfOneJvmAreLikeTwoProcesses() throws Exception {
        String store = "file:" + folder.resolve("store");
        try (SecondLoader second = new SecondLoader();
                ChildJvm child = ChildJvm.start(WaitingWorker.class, store, 2, folder)) {
            child.awaitLine("ready");
            child.tell("");
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    second.run(Worker.class, store, 1, folder);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            });
            Worker.main(new String[] {store, "0", folder.toString()});
            other.get();
            assertThat(child.exit()).isZero();
        }

        checkStore(store, 3);
    }

    /** Whatever so many workers did is there once. That nothing was reported as damaged is checked after each test. */
    private void checkStore(String store, int workers) {
        try (Mlops mlops = Mlops.open(store)) {
            List<RunInfo> found =
                    mlops.tracker().search(RunQuery.of("churn").where("metrics.loss = " + (POINTS - 1))).stream()
                            .toList();
            Map<String, Integer> runsOf = new TreeMap<>();
            for (RunInfo run : found) {
                assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
                assertThat(mlops.tracker().history(run.id(), "loss").stream().map(MetricPoint::step))
                        .containsExactly(0L, 1L, 2L, 3L, 4L);
                assertThat(mlops.tracker().artifacts(run.id()).list("")).hasSize(1);
                runsOf.merge(run.params().get("process"), 1, Integer::sum);
            }
            assertThat(runsOf)
                    .hasSize(workers)
                    .allSatisfy((me, runs) -> assertThat(runs).isEqualTo(RUNS));
            checkModel(mlops, workers);
        }
        assertThat(folder.resolve("store/.live")).isEmptyDirectory();
        assertThat(folder.resolve("store/.staging")).isEmptyDirectory();
    }

    private static void checkModel(Mlops mlops, int workers) {
        List<ModelVersion> versions =
                mlops.registry().versions("churn").stream().toList();
        assertThat(versions)
                .extracting(ModelVersion::id)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, workers * VERSIONS)
                        .mapToObj(number -> new ModelVersionId("churn", number))
                        .toList());
        assertThat(versions).allSatisfy(version -> assertThat(version.tags()).containsKey("by"));
        Map<String, Integer> aliases =
                mlops.registry().findModel("churn").orElseThrow().aliases();
        assertThat(aliases)
                .hasSize(workers)
                .allSatisfy((alias, number) -> assertThat(number).isEqualTo(1 + (MOVES - 1) % VERSIONS));
        List<String> reasons = mlops.registry().history("churn").stream()
                .map(AliasEvent::move)
                .map(AliasMove::reason)
                .toList();
        assertThat(reasons)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, workers * MOVES)
                        .mapToObj(i -> i / MOVES + " " + i % MOVES)
                        .toList());
    }

    @Test
    void processesMayShareARun() throws Exception {
        String store = "file:" + folder.resolve("store");
        List<ChildJvm> children = start(
                SameRun.class,
                IntStream.range(0, PROCESSES)
                        .mapToObj(i -> List.<Object>of(store, i * 1000))
                        .toList());
        children.forEach(child -> child.tell(""));
        for (ChildJvm child : children) {
            assertThat(child.line()).isEqualTo("true");
        }

        try (Mlops mlops = Mlops.open(store)) {
            RunId id = new RunId("shared");
            assertThat(mlops.tracker().history(id, "loss").stream().map(MetricPoint::step))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, PROCESSES * 1000)
                            .mapToObj(Long::valueOf)
                            .toList());
            assertThat(mlops.tracker().get(id).params()).hasSize(PROCESSES);
            assertThat(mlops.tracker().get(id).metrics().get("loss").range().count())
                    .isEqualTo(PROCESSES * 1000L);
        }
        children.forEach(ChildJvm::close);
    }
}
